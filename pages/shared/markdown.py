"""Text of other people inside Markdown."""


def escaped(text: str) -> str:
    """A file's name, say, as plain text, whatever characters it has."""
    return "".join(f"\\{character}" if character in "\\`*_{}[]()#+-.!|~$:<>" else character for character in text)
