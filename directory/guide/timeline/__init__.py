"""The course of one treatment, week by week, drawn from trials, label and reports."""
