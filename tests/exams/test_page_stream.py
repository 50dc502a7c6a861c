"""The page's stream: any pieces in any order make a sound gzip file of exactly their bytes."""

import gzip
import zlib

from hypothesis import given
from hypothesis import strategies as st

from app.exams.page import stream
from app.exams.page.fragments import Fragments

texts = st.text(max_size=2000) | st.text("甲乙丙丁 <b>", min_size=0, max_size=5000)
pieces = st.lists(st.builds(stream.pack, texts) | st.builds(stream.loose, texts), max_size=30)


@given(pieces)
def test_the_gzip_file_holds_the_bytes_that_a_plain_client_gets(parts):
    assert gzip.decompress(stream.gzipped(parts)) == stream.plain(parts)


@given(pieces)
def test_the_file_is_one_member_without_anything_behind_it(parts):
    inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
    inflate.decompress(stream.gzipped(parts))
    assert inflate.eof
    assert inflate.unused_data == b""


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 9), st.sampled_from(["AB", "BA"]), texts), max_size=60))
def test_the_kept_pieces_never_pass_their_bound(puts):
    kept = Fragments(most_bytes=20_000)
    for key, seed, order, text in puts:
        kept.put(key, seed, order, stream.pack(text))
        assert kept.bytes <= kept.most_bytes
        assert kept.bytes == sum(question.bytes for question in kept._questions.values())


def test_one_piece_serves_all_seeds_with_the_same_order():
    kept = Fragments(10_000)
    piece = kept.put("question", 1, "AB", stream.pack("甲"))
    assert kept.find(["question"], [2]) == [None]
    assert kept.with_order("question", 2, "AB") is piece
    assert kept.find(["question"], [2]) == [piece]
    assert kept.with_order("question", 3, "BA") is None
