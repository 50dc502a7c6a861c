"""The words of a notice in reading order: what its page and its PDF both must carry, no more and no less."""


def words(document):
    """Return the printed pieces of text in the order in which they are read; empty ones are left out.

    Page numbers, the watermark and the repeated head of a long table belong to the paper and are not among them.
    """
    return [piece for piece in _pieces(document) if piece]


def _pieces(document):
    yield from (document.issuer_mark, document.number_text, document.title, f"{document.addressee}：")
    yield from (block.text for block in document.blocks)
    for index, (_, number, attachment) in enumerate(document.numbered_attachments):
        yield ("" if index else "附件：") + number + attachment.title
    yield from (document.signer, document.date)
    for label, _, attachment in document.numbered_attachments:
        yield from (label, attachment.title, *attachment.headers)
        for row in attachment.rows:
            yield from row
        yield attachment.note
    yield from _foot(document)


def _foot(document):
    if document.approver:
        yield f"签发人：{document.approver}"
    if document.check_code:
        yield f"核验码：{document.check_code}"
    if document.check_url and (document.check_code or document.approver):
        yield f"核验地址：{document.check_url}"
    if document.copies_to:
        yield f"抄送：{document.copies_to}。"
    if document.printed_by:
        yield document.printed_by
        if document.printed_on:
            yield f"{document.printed_on}印发"
