//! Addresses that reports had elsewhere: patterns, queries, links to them.

use crate::archive::Archive;

fn report(title: &str, day: &str, more: &str) -> String {
    format!("---\ntitle: {title}\ndate: {day}\n{more}\n---\nWords.\n")
}

#[test]
fn a_pattern_makes_an_alias_of_every_report() {
    for (pattern, path, old) in [
        ("/blog/:section/:slug/", "news/talks.md", "/blog/news/talks/"),
        ("/:year/:month/:title.html", "2017-01-29-Big-Story.md", "/2017/01/Big-Story.html"),
        ("/:i_month/:i_day/:short_year/:slug", "talks.md", "/1/29/17/talks/"),
        ("/news/:filename.htm", "A_b.md", "/news/A_b.htm"),
        ("/x/:slug/", "%d9%85%d8%b5%d8%b1.md", "/x/مصر/"),
    ] {
        let config = format!("[[old_permalinks]]\npattern = \"{pattern}\"\n");
        let built = Archive::new()
            .config(&config)
            .article(path, &report("Talks", "2017-01-29", ""))
            .build()
            .clean();
        assert!(built.has(old), "{pattern}: {:?}", built.tree().keys());
        assert!(built.file(&crate::archive::file_of(old)).contains("/2017/01/29/"), "{pattern}");
    }
}

#[test]
fn a_pattern_of_a_folder_is_that_folders() {
    let config = "[[old_permalinks]]\nfolder = \"blog\"\npattern = \"/blog/:slug/\"\n\
                  [[old_permalinks]]\npattern = \"/:year/:month/:day/:slug/\"\n";
    let built = Archive::new()
        .config(config)
        .article("blog/one.md", &report("One", "2017-01-29", ""))
        .article("two.md", &report("Two", "2017-01-29", ""))
        .article("two.de.md", &report("Zwei", "2017-01-29", ""))
        .build()
        .clean();
    assert!(built.has("/blog/one/") && !built.has("/blog/two/"));
    assert!(built.has("/2017/01/29/two/") && built.has("/de/2017/01/29/two/"));
    for config in [
        "[[old_permalinks]]\n",
        "[[old_permalinks]]\npattern = \"/:nothing/:slug/\"\n",
        "[[old_permalinks]]\npattern = \"/:year/\"\n",
        "origins = [\"old.example\"]\n",
    ] {
        let built = Archive::new().config(config).build();
        assert_eq!(built.code(), 1, "{config}");
        assert!(built.stderr().contains("dateline.toml"), "{config}: {}", built.stderr());
    }
}

#[test]
fn an_alias_may_have_a_query_which_hosts_are_told_of() {
    let report = report(
        "Talks",
        "2017-01-29",
        "aliases: ['/?p=123', '/index.php?id=7&x=a', 'https://old.example/?page_id=9']",
    );
    for (host, file, words) in [
        ("netlify", "_redirects", "p=123"),
        ("apache", ".htaccess", "p=123"),
        ("nginx", ".host/dateline.conf", "123"),
        ("caddy", ".host/dateline.caddy", "123"),
    ] {
        let archive = Archive::new().article("talks.md", &report);
        let built = archive.build_with(&["--host", host]).clean();
        let file = built.tree().into_iter().find(|(path, _)| {
            path == file || (path.starts_with(".host") && file.starts_with(".host"))
        });
        let (_, text) = file.unwrap_or_else(|| panic!("{host}: {:?}", built.tree().keys()));
        let text = String::from_utf8(text).unwrap();
        assert!(text.contains(words) && text.contains("/2017/01/29/talks/"), "{host}: {text}");
    }
    for host in ["github-pages", "gitlab-pages", "cloudflare-pages", "s3"] {
        let archive = Archive::new().article("talks.md", &report);
        let checked = archive.run(&["check", "--host", host]);
        let said = format!("{}{}", checked.stdout(), checked.stderr());
        assert!(
            said.contains("3 old addresses with a query") && said.contains(host),
            "{host}: {said}"
        );
    }
}

#[test]
fn links_to_the_old_site_lead_to_the_reports() {
    let config = "origins = [\"https://old.example\", \"http://blog.example/news/\"]\n\
                  [[old_permalinks]]\npattern = \"/blog/:slug/\"\n";
    for (link, leads) in [
        ("https://old.example/blog/talks/", true),
        ("http://www.old.example/blog/talks", true),
        ("//old.example/blog/talks/", true),
        ("https://old.example/?p=123", true),
        ("https://old.example/2017/01/29/talks.html", true),
        ("https://old.example/2017/01/talks/#part", true),
        ("http://blog.example/news/2017/01/29/talks/", true),
        ("https://old.example/elsewhere/", false),
        ("https://old.example.org/blog/talks/", false),
        ("https://old.example/2016/01/29/talks/", false),
        ("http://blog.example/2017/01/29/talks/", false),
    ] {
        let text = format!("---\ntitle: Links\ndate: 2018-01-01\n---\n[see]({link})\n");
        let built = Archive::new()
            .config(config)
            .article("talks.md", &report("Talks", "2017-01-29", "aliases: ['/?p=123']"))
            .article("links.md", &text)
            .build()
            .clean();
        let page = built.page("/2018/01/01/links/");
        let href = page.attribute("#p1 a:not(.para)", "href");
        let is_own = href.starts_with("/2017/01/29/talks/") || href.starts_with("/blog/talks/");
        assert_eq!(is_own, leads, "{link}: {href}");
        if !leads {
            assert_eq!(href, link);
        }
    }
}

#[test]
fn links_by_a_file_s_name_or_an_old_address_are_resolved_where_one_report_can_be_meant() {
    for (link, leads) in [
        ("[see]({% post_url 2017-01-29-talks %})", true),
        ("[see]({% post_url /news/2017-01-29-talks %})", true),
        ("[see]({% link _posts/2017-01-29-talks.md %})", true),
        ("[see]({{< ref \"news/2017-01-29-talks.md\" >}})", true),
        ("[see](/blog/2017/01/29/talks)", true),
        ("[see](/2017/01/29/talks.html)", true),
        ("[see](/archives/2017/01/talks/)", true),
        ("[see](/blog/2016/01/29/talks)", false),
        ("[see](/blog/2017/01/29/other)", false),
        ("[see](/talks)", false),
    ] {
        let built = Archive::new()
            .article("posts/2017-01-29-talks.md", "---\ntitle: Talks\n---\nWords.\n")
            .article("posts/2018-02-02-links.md", &format!("---\ntitle: Links\n---\n{link}\n"))
            .build()
            .succeeds();
        let page = built.page("/2018/02/02/links/");
        assert_eq!(
            page.has("#p1 a[href=\"/2017/01/29/talks/\"]"),
            leads,
            "{link}: {}",
            built.stderr()
        );
    }
}

#[test]
fn two_reports_of_one_name_are_not_told_apart_by_guessing() {
    let archive = Archive::new()
        .article("a/2017-01-29-talks.md", "---\ntitle: A\n---\nWords.\n")
        .article("b/2017-01-30-talks.md", "---\ntitle: B\n---\nWords.\n")
        .article("links.md", "---\ntitle: L\ndate: 2018-01-01\n---\n[a](/blog/2017/01/talks) [b](/blog/2017/01/30/talks)\n");
    let built = archive.build().succeeds();
    assert!(built.stderr().contains("/blog/2017/01/talks"), "{}", built.stderr());
    assert!(built.page("/2018/01/01/links/").has("a[href=\"/2017/01/30/talks/\"]"));
    // And with the first gone, one can be meant.
    archive.remove("content/a/2017-01-29-talks.md");
    let built = archive.build();
    let html = built.page("/2018/01/01/links/").html().to_owned();
    assert!(html.matches("href=\"/2017/01/30/talks/\"").count() >= 2, "{html}");
}

#[test]
fn headings_are_found_by_the_ids_that_others_give_them() {
    let body = "## 1. First steps\n\n## Same\n\n## Same\n\n## A & B\n\n## Own {#my_id}\n\n\
        [a](#first-steps) [b](#same-1) [c](#a--b) [d](#my_id) [e](#1-first-steps)\n";
    let text = format!("---\ntitle: T\ndate: 2017-01-29\n---\n{body}");
    let built = Archive::new().article("a.md", &text).build().clean();
    let links = built.page("/2017/01/29/a/").attributes("#p1 a:not(.para)", "href");
    assert_eq!(links, ["#h-1-first-steps", "#h-same-2", "#h-a-b", "#h-my-id", "#h-1-first-steps"]);
}

#[test]
fn link_posts_lead_to_what_they_are_about() {
    for (key, value) in [
        ("redirect_to", "['https://x.example/a']"),
        ("canonical_url", "https://x.example/a"),
        ("external_url", "https://x.example/a"),
        ("canonical", "https://x.example/a"),
        ("link", "https://x.example/a"),
    ] {
        let config = format!("[keys]\n{key} = \"original_url\"\n");
        let text = format!("---\ntitle: T\ndate: 2017-01-29\n{key}: {value}\n---\n");
        let built = Archive::new().config(&config).article("a.md", &text).build().clean();
        assert!(built.page("/2017/01/29/a/").has("a[href=\"https://x.example/a\"]"), "{key}");
    }
}
