"""The kinds of sources: each module is one kind, and this is the list of them."""

from collections.abc import Mapping
from types import MappingProxyType

from sources import (
    exportcontrol,
    federal_register,
    feed,
    gdelt,
    govuk,
    json_list,
    mofcom,
    ofac,
    page,
    wordpress,
)
from sources.option import SourceKind

KINDS: Mapping[str, SourceKind] = MappingProxyType(
    {
        "feed": feed.SOURCE,
        "page": page.SOURCE,
        "json_list": json_list.SOURCE,
        "wordpress": wordpress.SOURCE,
        "federal_register": federal_register.SOURCE,
        "ofac": ofac.SOURCE,
        "mofcom": mofcom.SOURCE,
        "exportcontrol": exportcontrol.SOURCE,
        "govuk": govuk.SOURCE,
        "gdelt": gdelt.SOURCE,
    }
)
"""Every kind by the name that a catalogue row calls it."""
