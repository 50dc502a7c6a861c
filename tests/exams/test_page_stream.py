"""The page's stream: any pieces in any order make a sound gzip file of exactly their bytes."""

import gzip
import zlib

from hypothesis import given
from hypothesis import strategies as st

from app.exams.page import checksum, stream
from app.exams.page.fragments import Fragments, Question

texts = st.text(max_size=2000) | st.text("甲乙丙丁 <b>", min_size=0, max_size=5000)
pieces = st.lists(st.builds(stream.pack, texts) | st.builds(stream.loose, texts), max_size=12)
orders = st.sampled_from([("A", "B"), ("B", "A")])


@given(pieces, pieces, pieces)
def test_the_gzip_file_holds_the_bytes_that_a_plain_client_gets(head, between, foot):
    page = head, stream.middle(between), foot
    assert gzip.decompress(stream.gzipped(*page)) == stream.plain(*page)


@given(pieces, pieces, pieces)
def test_the_file_is_one_member_without_anything_behind_it(head, between, foot):
    inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
    inflate.decompress(stream.gzipped(head, stream.middle(between), foot))
    assert inflate.eof
    assert inflate.unused_data == b""


@given(st.binary(max_size=3000), st.binary(max_size=3000))
def test_checksums_of_parts_make_the_checksum_of_the_whole(first, second):
    assert checksum.joined(zlib.crc32(first), zlib.crc32(second), checksum.shift(len(second))) == zlib.crc32(first + second)


def question(name, text="甲"):
    return Question((f"<p>{name}: ", ", ", "</p>"), {"A": text, "B": "乙"})


def test_a_question_is_rendered_once_for_all_orders_of_its_options():
    assert question("一").html(("A", "B")) == "<p>一: 甲, 乙</p>"
    assert question("一").html(("B", "A")) == "<p>一: 乙, 甲</p>"
    assert Question(("<h2>一</h2>",)).html(()) == "<h2>一</h2>"


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 9), orders, texts), max_size=60))
def test_the_kept_pieces_never_pass_their_bound(asked):
    kept = Fragments(most_bytes=20_000)
    for key, seed, order, text in asked:
        if not kept.knows(key):
            kept.add(key, question(key, text))
        epoch = kept.epoch
        piece = kept.piece(key, seed, order)
        assert kept.bytes <= kept.most_bytes
        assert kept.bytes == sum(known.bytes for known in kept._questions.values())
        assert kept.find([key], [seed]) == [piece] if kept.knows(key) else kept.epoch >= epoch


def test_one_piece_serves_all_seeds_with_the_same_order():
    kept = Fragments(10_000)
    kept.add("one", question("一"))
    piece = kept.piece("one", 1, ("A", "B"))
    assert kept.find(["one"], [2]) == [None]
    assert kept.piece("one", 2, ("A", "B")) is piece
    assert kept.find(["one"], [2]) == [piece]
    assert kept.piece("one", 3, ("B", "A")) is not piece
    assert kept.piece("two", 3, ("B", "A")) is None


def test_what_was_dropped_raises_the_epoch_so_that_no_page_points_at_it():
    kept = Fragments(2_000)
    kept.add("one", question("一", "甲" * 100))
    kept.piece("one", 1, ("A", "B"))
    epoch = kept.epoch
    kept.add("two", question("二", "甲" * 100))
    kept.piece("two", 1, ("A", "B"))
    assert kept.epoch > epoch
    assert not kept.knows("one")
