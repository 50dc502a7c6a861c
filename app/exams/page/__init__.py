"""The exam page as one gzip stream, joined from pieces that were rendered and compressed before (design/hotpath.md, 7).

`stream` joins pieces, `fragments` keeps them, `shell` holds what stands around the questions, `paper` brings one attempt together.
"""
