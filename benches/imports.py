#!/usr/bin/env python3
"""How long an import of a blog takes and how much memory it needs: a first import, the same again,
and a newer export with 200 new posts and 200 corrected ones.

    benches/imports.py target/release/dateline POSTS FOLDER

makes FOLDER/blog.xml, FOLDER/newer.xml (an export of WordPress, about 5 KB a post, always the same
bytes) and FOLDER/archive/, and prints a line for each run: wall time, CPU time, peak memory, and
what the program counted.
"""

import json
import os
import pathlib
import random
import shutil
import sys
import time

WORDS = """the a of to in that was for on with as it by from at which were had said two after city
people government report water river border price months train south council against minister bridge
opened closed workers strike office night morning road villages letter court paper week before school
""".split()
OUTLETS = ["RT", "Sputnik", "TASS", "Northern Post", "Evening Star"]
NAMES = ["Ann Lee", "Bo Chan", "Cy Doe", "Dora Marsh", "Emil Novák"]
CHANGED = 200


def sentence(draw):
    words = [draw.choice(WORDS) for _ in range(draw.randint(8, 22))]
    if draw.random() < 0.1:
        words[0] = f"<strong>{words[0]}</strong>"
    if draw.random() < 0.05:
        words[1] = f'<a href="https://news.example/{draw.randint(1, 9999)}">{words[1]}</a>'
    return " ".join(words).capitalize() + "."


def paragraph(draw):
    return " ".join(sentence(draw) for _ in range(draw.randint(3, 6)))


def body(draw, number, length):
    """Classic text, or blocks in every third post."""
    day = f"{draw.randint(1, 28)}/{draw.randint(1, 12)}/{draw.randint(2008, 2024)}"
    parts = [f"({draw.choice(OUTLETS)}, {day}) ~ {paragraph(draw)}"]
    while sum(map(len, parts)) < length:
        parts.append(paragraph(draw))
    if draw.random() < 0.3:
        parts.insert(1, f'<img src="https://blog.example/files/{number}-300x200.jpg" alt="A street">')
    if draw.random() < 0.3:
        other = draw.randint(1, max(1, number))
        parts.append(f'See <a href="https://blog.example/?p={other}">an earlier report</a>.')
    parts.append(f"Submitted by {draw.choice(NAMES)}, {draw.choice(NAMES)}")
    if number % 3:
        return "\n\n".join(parts)
    return "\n\n".join(f"<!-- wp:paragraph -->\n<p>{part}</p>\n<!-- /wp:paragraph -->" for part in parts)


def post(number, text):
    day = f"{2008 + number % 16}-{number % 12 + 1:02}-{number % 28 + 1:02}"
    slug = f"report-{number}"
    terms = "".join(
        f'<category domain="post_tag" nicename="tag-{tag}"><![CDATA[Tag {tag}]]></category>\n'
        for tag in (number % 300, number % 41)
    )
    comment = (
        "<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_author>Reader</wp:comment_author>"
        "<wp:comment_approved>1</wp:comment_approved><wp:comment_content>Yes.</wp:comment_content>"
        "</wp:comment>\n"
    )
    return (
        f"<item>\n<title>Report {number} of the day</title>\n"
        f"<link>https://blog.example/{day.replace('-', '/')}/{slug}/</link>\n"
        f"<dc:creator><![CDATA[admin]]></dc:creator>\n<guid>https://blog.example/?p={number}</guid>\n"
        f"<content:encoded><![CDATA[{text}]]></content:encoded>\n"
        f"<excerpt:encoded><![CDATA[]]></excerpt:encoded>\n<wp:post_id>{number}</wp:post_id>\n"
        f"<wp:post_date>{day} 10:00:00</wp:post_date>\n<wp:post_name>{slug}</wp:post_name>\n"
        f"<wp:status>publish</wp:status>\n<wp:post_type>post</wp:post_type>\n"
        f"{terms}{comment}</item>\n"
    )


def export(path, posts, is_newer):
    with open(path, "w", encoding="utf-8") as file:
        file.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" '
            'xmlns:wp="http://wordpress.org/export/1.2/">\n<channel>\n<title>Blog</title>\n'
            "<link>https://blog.example</link>\n<wp:wxr_version>1.2</wp:wxr_version>\n"
            "<wp:base_blog_url>https://blog.example</wp:base_blog_url>\n"
        )
        for number in range(1, posts + (CHANGED if is_newer else 0) + 1):
            draw = random.Random(number)
            text = body(draw, number, 4300)
            if is_newer and number <= CHANGED:
                text = text.replace("Submitted by", "One more sentence.\n\nSubmitted by")
            file.write(post(number, text))
        file.write("</channel>\n</rss>\n")


def run(name, program, archive, path):
    """One import in a process of its own, whose resources the system counts."""
    out = archive.parent / "out.json"
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        os.dup2(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), 1)
        os.execv(program, [program, "--root", str(archive), "import", "wordpress", str(path), "--json"])
    _, status, used = os.wait4(child, 0)
    wall = time.monotonic() - started
    if status:
        sys.exit(f"{name}: exit {status}")
    report = json.loads(out.read_text())
    counted = ", ".join(f"{key} {report[key]}" for key in ("written", "updated", "unchanged"))
    print(
        f"{name}: {wall:.1f} s, CPU {used.ru_utime + used.ru_stime:.1f} s, "
        f"peak {used.ru_maxrss / 1000:.0f} MB, {counted}"
    )


def files(folder):
    """The files of the archive's reports with the times of their last change."""
    return {path: path.stat().st_mtime_ns for path in (folder / "content").rglob("*") if path.is_file()}


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    program, posts, folder = os.path.abspath(sys.argv[1]), int(sys.argv[2]), pathlib.Path(sys.argv[3])
    archive = folder / "archive"
    shutil.rmtree(archive, ignore_errors=True)
    archive.mkdir(parents=True)
    (archive / "dateline.toml").write_text('title = "Archive"\nbase_url = "https://archive.example/"\n')
    blog, newer = folder / "blog.xml", folder / "newer.xml"
    export(blog, posts, False)
    export(newer, posts, True)
    print(f"{posts} posts, {blog.stat().st_size / 1e6:.0f} MB")
    run("first import", program, archive, blog)
    before = files(archive)
    run("the same again", program, archive, blog)
    after = files(archive)
    print(f"  files that changed: {sum(after.get(path) != time for path, time in before.items())}")
    run("a newer one", program, archive, newer)
    last = files(archive)
    changed = sum(last.get(path) != time for path, time in after.items())
    print(f"  files that changed: {changed}, new: {len(last) - len(after)}")


if __name__ == "__main__":
    main()
