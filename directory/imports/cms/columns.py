"""The columns of CMS's files that the directory reads, by name."""

from directory.imports.reading.fields import Layout

SERVICE_NPI = "Rndrng_NPI"
CODE = "HCPCS_Cd"
PLACE = "Place_Of_Srvc"
PATIENTS = "Tot_Benes"
SERVICES = "Tot_Srvcs"
SERVICE_ROWS = Layout(
    "mup_phy", "a CMS file of services by provider and service", (SERVICE_NPI, CODE, PLACE, PATIENTS, SERVICES)
)

CLINICIAN_NPI = "NPI"
SCHOOL = "Med_sch"
GRADUATED = "Grd_yr"
TELEHEALTH = "Telehlth"
GROUP = "Facility Name"
GROUP_ID = "org_pac_id"
MEMBERS = "num_org_mem"
ASSIGNMENT = "ind_assgn"
CLINICIANS = Layout(
    "dac_nationaldownloadablefile",
    "the CMS Doctors & Clinicians file",
    (CLINICIAN_NPI, SCHOOL, GRADUATED, TELEHEALTH, GROUP, GROUP_ID, MEMBERS, ASSIGNMENT),
)
