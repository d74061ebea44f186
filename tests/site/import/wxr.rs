//! Exports of WordPress, as small as they can be.

use crate::archive::{Archive, Built};

/// An item of an export.
pub(crate) struct Post {
    fields: Vec<(String, String)>,
}

impl Post {
    /// A published post of 29 January 2017.
    pub(crate) fn new(id: u32, slug: &str) -> Post {
        let address = format!("https://old.example/2017/01/29/{slug}/");
        Post { fields: Vec::new() }
            .field("title", &format!("Title {id}"))
            .field("link", &address)
            .field("guid", &format!("https://old.example/?p={id}"))
            .field("dc:creator", "login7")
            .field("wp:post_id", &id.to_string())
            .field("wp:post_date", "2017-01-29 23:30:00")
            .field("wp:post_date_gmt", "2017-01-30 04:30:00")
            .field("wp:post_name", slug)
            .field("wp:status", "publish")
            .field("wp:post_type", "post")
    }

    /// With another value of a field.
    pub(crate) fn field(mut self, name: &str, value: &str) -> Post {
        self.fields.retain(|(known, _)| known != name);
        self.more(name, &format!("<![CDATA[{value}]]>"))
    }

    /// Without a field.
    pub(crate) fn without(mut self, name: &str) -> Post {
        self.fields.retain(|(known, _)| known != name);
        self
    }

    /// With one more field, as XML.
    pub(crate) fn more(mut self, name: &str, xml: &str) -> Post {
        self.fields.push((name.to_owned(), xml.to_owned()));
        self
    }

    pub(crate) fn body(self, text: &str) -> Post {
        self.field("content:encoded", text)
    }

    pub(crate) fn term(self, domain: &str, nicename: &str, name: &str) -> Post {
        self.more(&format!("category domain=\"{domain}\" nicename=\"{nicename}\""), name)
    }

    pub(crate) fn meta(self, key: &str, value: &str) -> Post {
        let xml = format!("<wp:meta_key>{key}</wp:meta_key><wp:meta_value>{value}</wp:meta_value>");
        self.more("wp:postmeta", &xml)
    }

    fn xml(&self) -> String {
        let field = |(name, value): &(String, String)| {
            let end = name.split(' ').next().unwrap();
            format!("<{name}>{value}</{end}>\n")
        };
        format!("<item>\n{}</item>\n", self.fields.iter().map(field).collect::<String>())
    }
}

/// An attachment of an export.
pub(crate) fn attachment(id: u32, parent: u32, address: &str) -> Post {
    Post::new(id, &format!("file-{id}"))
        .field("wp:post_type", "attachment")
        .field("wp:status", "inherit")
        .field("wp:post_parent", &parent.to_string())
        .field("wp:attachment_url", address)
}

/// The file of an export.
pub(crate) fn wxr(posts: &[Post]) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<rss version=\"2.0\" \
         xmlns:wp=\"http://wordpress.org/export/1.2/\">\n<channel>\n<title>Old</title>\n\
         <link>https://old.example</link>\n<wp:base_blog_url>https://old.example</wp:base_blog_url>\n\
         <wp:author><wp:author_login>login7</wp:author_login>\
         <wp:author_display_name><![CDATA[Ann Lee]]></wp:author_display_name></wp:author>\n{}</channel>\n</rss>\n",
        posts.iter().map(Post::xml).collect::<String>()
    )
}

impl Archive {
    /// Runs `dateline import wordpress` on these posts.
    pub(crate) fn import(&self, posts: &[Post], arguments: &[&str]) -> Built {
        self.import_text(wxr(posts), arguments)
    }

    /// The same with the whole text of an export, which lies outside of the archive.
    pub(crate) fn import_text(&self, text: impl AsRef<[u8]>, arguments: &[&str]) -> Built {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("export.xml");
        std::fs::write(&path, text).unwrap();
        let mut all = vec!["import", "wordpress", path.to_str().unwrap()];
        all.extend(arguments);
        self.run(&all)
    }

    /// The text of a file of the archive.
    #[track_caller]
    pub(crate) fn text(&self, path: &str) -> String {
        let found = std::fs::read_to_string(self.path(path));
        found.unwrap_or_else(|error| panic!("{path}: {error}; {:?}", self.everything().keys()))
    }
}
