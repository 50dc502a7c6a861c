"""The page's stream: any head, questions and foot make a sound gzip file of exactly their bytes."""

import gzip
import zlib

from hypothesis import given
from hypothesis import strategies as st

from app.exams.page import checksum, stream
from app.exams.page.fragments import Question

texts = st.text(max_size=2000) | st.text("甲乙丙丁 <b>", min_size=0, max_size=9000)
pieces = st.lists(st.builds(stream.pack, texts) | st.builds(lambda text: [stream.loose(text)], texts), max_size=12).map(
    lambda lists: [piece for pieces in lists for piece in pieces]
)


@given(pieces, texts, pieces)
def test_the_gzip_file_holds_the_bytes_that_a_plain_client_gets(head, between, foot):
    page = head, stream.middle(between), foot
    assert gzip.decompress(stream.gzipped(*page)) == stream.plain(*page)


@given(pieces, texts, pieces)
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
