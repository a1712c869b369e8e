"""The data dictionary is what people outside read before they trust a column."""

from data.publication import dictionary
from data.schema.tables import TABLES
from pipelines import directory


def test_the_dictionary_in_docs_is_the_one_the_tables_give():
    assert dictionary.PATH.read_text(encoding="utf-8") == dictionary.render(), (
        "run: make dictionary"
    )


def test_every_column_of_every_table_has_a_row_with_its_meaning():
    text = dictionary.render()
    for table in TABLES:
        part = text.split(f"\n## {table.name}\n")[1].split("\n## ")[0]
        for column in table.columns:
            assert f"| `{column.name}` | {column.kind} |" in part
            assert column.meaning.replace("|", "\\|") in part


def test_the_list_of_sources_in_docs_is_the_one_the_registry_gives():
    """An administrator reads there which keys to ask for, and from whom."""
    assert directory.PATH.read_text(encoding="utf-8") == directory.render(), "run: make dictionary"
