"""What Prometheus would read."""

from prometheus_client.parser import text_string_to_metric_families

Figure = tuple[str | tuple[str, str], ...]


def figures(text: str) -> dict[Figure, float]:
    """Each figure by its name and labels."""
    families = text_string_to_metric_families(text)
    return {(each.name, *sorted(each.labels.items())): each.value for family in families for each in family.samples}
