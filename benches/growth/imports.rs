//! Exports of other programs: of many reports, and of one that is huge.

use super::archives::{File, Shape, numbered, settings, shape};

const EXPORT: &str = "export.xml";
const IMPORT: &[&str] = &["import", "wordpress", EXPORT];
const FEED: &[&str] = &["import", "feed", EXPORT];
const CSL: &[&str] = &["import", "csl", EXPORT];
const APPLY: &[&str] = &["import", "apply", "--min", "0.5"];

/// All shapes of imports.
pub(crate) fn shapes() -> Vec<Shape> {
    let mut shapes = vec![
        shape("posts: import", IMPORT, |n| many(n, |at| format!("<p>Words {at}.</p>"))),
        shape("posts that link each other: import", IMPORT, |n| {
            many(n, |at| format!("<a href=\"https://old.example/p{}/\">w</a>", (at + 1) % n))
        }),
        Shape {
            before: &[IMPORT],
            ..shape("posts, imported again: import", IMPORT, |n| {
                many(n, |_| "<p>Words.</p>".to_owned())
            })
        },
        Shape {
            before: &[IMPORT],
            ..shape("posts that say much: import apply", APPLY, |n| {
                many(n, |at| {
                    let day = at % 28 + 1;
                    format!("<p>MOSCOW (RT, {day}/1/2017) Words.</p><p>via Paper {at}</p>")
                })
            })
        },
        shape("posts of one title: import", IMPORT, |n| {
            vec![settings(""), export(&numbered(n, |at| post(at, "same", "Words.")))]
        }),
        shape("tags of one post: import", IMPORT, |n| {
            let tag =
                |at| format!("<category domain=\"post_tag\" nicename=\"t{at}\">T{at}</category>");
            let item = post(0, "p0", "Words.").replace("</item>", &numbered(n, tag));
            vec![settings(""), export(&(item + "</item>"))]
        }),
        shape("a feed of many: import", FEED, feed),
        shape("a bibliography: import", CSL, bibliography),
    ];
    shapes.extend(HUGE.map(|(name, files)| shape(name, IMPORT, files)));
    shapes
}

/// Makes the files of an export of a size.
type Export = fn(usize) -> Vec<File>;

/// One post whose text is huge.
const HUGE: [(&str, Export); 14] = [
    ("paragraphs of one post: import", |n| {
        huge(&numbered(n, |at| format!("<p>Words {at}.</p>\n")))
    }),
    ("lines of one post: import", |n| huge(&numbered(n, |at| format!("Words {at}.\n")))),
    ("one long line of a post: import", |n| huge(&"word ".repeat(n * 10))),
    ("links of one post: import", |n| {
        huge(&numbered(n, |at| format!("<a href=\"https://b.example/{at}\">w</a> ")))
    }),
    ("pictures of one post: import", |n| {
        huge(&numbered(n, |at| format!("<img src=\"https://old.example/{at}.png\" alt=\"a\">\n")))
    }),
    ("captions of one post: import", |n| {
        let caption = |at| format!("[caption id=\"a{at}\"]<img src=\"/{at}.png\"> w[/caption]\n");
        huge(&numbered(n, caption))
    }),
    ("nested divisions of one post: import", |n| huge(&"<div>".repeat(n))),
    ("nested quotes of one post: import", |n| huge(&"<blockquote>".repeat(n))),
    ("nested lists of one post: import", |n| huge(&"<ul><li>".repeat(n))),
    ("open phrases of one post: import", |n| huge(&"<b><i>w ".repeat(n))),
    ("a long table of one post: import", |n| {
        huge(&format!("<table>{}</table>", "<tr><td>a</td><td>b</td></tr>".repeat(n)))
    }),
    ("open brackets of one post: import", |n| huge(&"[caption ".repeat(n))),
    ("open tags of one post: import", |n| huge(&"<a href=\"".repeat(n))),
    ("marks of one post: import", |n| huge(&"*_[`~ ".repeat(n))),
];

fn feed(n: usize) -> Vec<File> {
    let item = |at| {
        format!(
            "<item><title>T{at}</title><link>https://old.example/{at}</link>\
             <pubDate>Sun, 29 Jan 2017 10:00:00 GMT</pubDate>\
             <description>Words.</description></item>"
        )
    };
    let items = numbered(n, item);
    let text = format!("<rss version=\"2.0\"><channel><title>Old</title>{items}</channel></rss>");
    vec![settings(""), (EXPORT.to_owned(), text)]
}

fn bibliography(n: usize) -> Vec<File> {
    let item = |at| {
        let dated = "\"issued\":{\"date-parts\":[[2017,1,29]]}";
        format!("{{\"id\":\"{at}\",\"type\":\"article\",\"title\":\"T{at}\",{dated}}},")
    };
    let items = numbered(n, item);
    vec![settings(""), (EXPORT.to_owned(), format!("[{}]", items.trim_end_matches(',')))]
}

fn huge(text: &str) -> Vec<File> {
    vec![settings(""), export(&post(0, "p0", text))]
}

fn many(n: usize, text: impl Fn(usize) -> String) -> Vec<File> {
    let posts = numbered(n, |at| post(at, &format!("p{at}"), &text(at)));
    vec![settings(""), export(&posts)]
}

fn post(at: usize, slug: &str, text: &str) -> String {
    format!(
        "<item><title>Title {at}</title><link>https://old.example/{slug}/</link>\
         <guid>https://old.example/?p={at}</guid><wp:post_id>{at}</wp:post_id>\
         <wp:post_date>2017-01-{:02} 10:00:00</wp:post_date><wp:post_name>{slug}</wp:post_name>\
         <wp:status>publish</wp:status><wp:post_type>post</wp:post_type>\
         <content:encoded><![CDATA[{text}]]></content:encoded></item>\n",
        at % 28 + 1
    )
}

fn export(items: &str) -> File {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" \
         xmlns:wp=\"http://wordpress.org/export/1.2/\" \
         xmlns:content=\"http://purl.org/rss/1.0/modules/content/\">\n<channel><title>Old</title>\n\
         <link>https://old.example</link>\n<wp:wxr_version>1.2</wp:wxr_version>\n\
         <wp:base_blog_url>https://old.example</wp:base_blog_url>\n{items}</channel></rss>\n"
    );
    (EXPORT.to_owned(), text)
}
