"""The tables of the standard that nothing here needs, and why: known, so that nobody wonders whether one was missed."""

NEVER_NEEDED: dict[str, str] = {
    "ssd_send": "holds only pupil numbers, which are not read",
    "ssd_ehcp_requests": "is empty or constant in real builds",
    "ssd_ehcp_assessment": "is empty or constant in real builds",
    "ssd_ehcp_named_plan": "is empty or constant in real builds",
    "ssd_ehcp_active_plans": "is empty or constant in real builds",
    "ssd_pre_proceedings": "is empty or constant in real builds",
    "ssd_voice_of_child": "is empty or constant in real builds; what families said has a table of its own",
    "ssd_s251_finance": "is about money, not about a child's needs",
    "ssd_version_log": "is about the extract's own versions",
    "ssd_api_data_staging": "repeats the other tables for sending them elsewhere",
}
"""By table, the reason, as the end of a sentence that begins with the table's name."""
