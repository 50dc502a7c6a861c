"""The exam page as one gzip stream, joined from parts that were rendered and compressed before (design/hotpath.md, 7).

`stream` joins them, `fragments` are the questions, `shell` is what stands around those, `paper` brings one attempt together.
"""
