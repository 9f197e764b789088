"""Whether the service is well and what it does: health, numbers, one line a request; none names anybody."""
