"""Lists of words as they are best read: in rows of plain text."""


def words(text: str) -> frozenset[str]:
    """The words of a text that blanks and line breaks part."""
    return frozenset(text.split())
