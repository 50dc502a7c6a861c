"""XML from outside (R59): no entities, no network, no huge trees."""

import re
from typing import Any

from lxml import etree

from app.bank.recogniser.readers.refusals import SourceRefused

DECLARES = re.compile(rb"<!\s*ENTITY", re.IGNORECASE)
DEEPEST = 200


def parse(data):
    """Return the root element. Raises SourceRefused for entities, a document type with declarations, or bad XML."""
    if DECLARES.search(data[:200_000]) or DECLARES.search(data):
        raise SourceRefused("xml_unsafe")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise SourceRefused("damaged") from error
    dtd: Any = root.getroottree().docinfo.internalDTD
    if dtd is not None and (dtd.system_url or list(dtd.iterentities())):
        raise SourceRefused("xml_unsafe")
    return root
