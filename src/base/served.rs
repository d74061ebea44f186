//! Files, by their names, that a browser or a server would execute.

/// What a published file beside an article can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Served {
    /// Nothing: pictures, texts, tables.
    Passive,
    /// Run scripts in the site's origin when a browser opens it.
    Active,
    /// SVG: shown as a picture, but runs its scripts when a browser opens it directly.
    Drawing,
    /// Run on the server, or configure it.
    ByServer,
}

/// Extensions of files that browsers run.
const ACTIVE: &[&str] = &[
    "html", "htm", "xhtml", "xht", "xhtm", "mhtml", "mht", "hta", "htc", "xml", "xsl", "xslt",
    "rdf", "rss", "atom", "js", "mjs", "cjs", "swf", "wasm", "appcache",
];

/// Extensions of files that servers run.
const BY_SERVER: &[&str] = &[
    "php", "php3", "php4", "php5", "php7", "php8", "phtml", "pht", "phps", "phar", "cgi", "fcgi",
    "asp", "aspx", "asa", "asax", "ascx", "ashx", "asmx", "cer", "jsp", "jspx", "jspf", "jsw",
    "jsv", "cfm", "cfml", "cfc", "shtml", "shtm", "stm", "ssi",
];

/// The same, but only as the last extension: before another one they are ordinary words, such as
/// language codes.
const BY_SERVER_AT_THE_END: &[&str] = &["pl", "pm", "lasso", "dhtml", "inc"];

/// Files that configure a server or a site.
const ORDERS: &[&str] = &[
    ".htaccess",
    ".htpasswd",
    ".htgroup",
    ".htdigest",
    ".user.ini",
    "php.ini",
    "web.config",
    "_redirects",
    "_headers",
    "_routes.json",
    "_worker.js",
    "netlify.toml",
    "vercel.json",
    "staticwebapp.config.json",
    "firebase.json",
];

impl Served {
    /// The class of a file name. Apache considers every extension of a name: `scan.php.jpg`.
    pub(crate) fn of(path: &str) -> Served {
        let name = path.rsplit('/').next().unwrap_or(path);
        let name = name.trim_end_matches(['.', ' ']).to_ascii_lowercase();
        let endings: Vec<&str> = name.split('.').skip(1).collect();
        let last = endings.last().copied().unwrap_or_default();
        let is_worker = path.to_ascii_lowercase().split('/').any(|part| part == "_worker.js");
        if is_worker
            || ORDERS.contains(&name.as_str())
            || endings.iter().any(|ending| BY_SERVER.contains(ending))
            || BY_SERVER_AT_THE_END.contains(&last)
        {
            return Served::ByServer;
        }
        let is_compressed = matches!(last, "gz" | "br" | "zst");
        match endings.iter().rev().nth(usize::from(is_compressed)) {
            Some(&("svg" | "svgz")) => Served::Drawing,
            Some(ending) if ACTIVE.contains(ending) => Served::Active,
            _ => Served::Passive,
        }
    }

    /// The Content-Security-Policy that disables scripts in it.
    pub(crate) fn policy(self) -> Option<&'static str> {
        match self {
            Served::Active => Some("sandbox"),
            Served::Drawing => Some("script-src 'none'; sandbox"),
            Served::Passive | Served::ByServer => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Served;

    #[test]
    fn a_name_tells_what_a_browser_and_a_server_do_with_a_file() {
        for name in
            ["a/x.php", "x.PHP5", "x.php.jpg", "x.php.", "Web.config", "a/.htaccess", "x.pl"]
        {
            assert_eq!(Served::of(name), Served::ByServer, "{name}");
        }
        for name in ["_redirects", "a/_headers", "x.aspx", "x.shtml", "_worker.js/index.txt"] {
            assert_eq!(Served::of(name), Served::ByServer, "{name}");
        }
        for name in ["x.html", "x.HTM", "x.js", "a/b.xml", "x.xslt", "x.html.gz"] {
            assert_eq!(Served::of(name), Served::Active, "{name}");
        }
        assert_eq!(Served::of("x.SVG"), Served::Drawing);
        for name in ["x.png", "html", "report.pl.pdf", "php.txt", "a.html/x.csv", "x.json"] {
            assert_eq!(Served::of(name), Served::Passive, "{name}");
        }
    }
}
