"""Pages as schema.org describes them, for search engines and assistants: plain values in, plain dicts out.

Each builder says only what its page shows. schema-dts, the vocabulary's types, checks what comes out (`tests/api/`).
"""

CONTEXT = "https://schema.org"
