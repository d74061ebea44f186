//! What hosts are told, asked of real ones: nginx, Apache and Caddy on this machine, Netlify's own
//! readers and matcher, Cloudflare's own emulator.

mod files;
mod server;

use std::fs;
use std::path::Path;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value as Json, json};

use crate::archive::{Archive, Built};
use crate::compressed::decompressed;
use crate::skip::{self, needs, needs_modules};
use server::Server;

const COURT: &str = "+++\ntitle = \"Sealed\"\ndate = 2020-01-01\n\
                     withdrawn = { date = 2021-01-01, kind = \"court\" }\n+++\nText.\n";

/// Old addresses with every letter that means something to some host, and where browsers find them.
const ODD: [(&str, &str); 12] = [
    ("/a b/", "/a%20b/"),
    ("/a;b/", "/a;b/"),
    ("/a'b/", "/a'b/"),
    ("/$1$uri/", "/$1$uri/"),
    ("/a{env.HOME}{$HOME}/", "/a%7Benv.HOME%7D%7B$HOME%7D/"),
    ("/(a)[b]+^!/", "/(a)[b]+%5E!/"),
    ("/a,b=c&d/", "/a,b=c&d/"),
    ("/~a@b/", "/~a@b/"),
    ("/خبر قديم/", "/%D8%AE%D8%A8%D8%B1%20%D9%82%D8%AF%D9%8A%D9%85/"),
    ("/a} return 200 \\u0022x;{/", ""),
    ("/é.html", "/%C3%A9.html"),
    ("/A-Big-One/", "/A-Big-One/"),
];

/// Redirects with a quote, and with queries that browsers encode.
const RULES: &str = "
[[redirects]]
from = '/quo\"te/*'
to = \"/about/\"
[[redirects]]
from = \"/?s=قمر\"
to = \"/about/\"
[[redirects]]
from = \"/held/?p=7\"
to = \"/about/\"
[[redirects]]
from = \"/2020/01/01/sealed/?p=8\"
to = \"/about/\"
[[redirects]]
from = \"/?a+b=c%20d.e\"
to = \"/about/\"
";

/// A withdrawn report below whose address another is.
const ABOVE: &str = "+++\ntitle = \"Above\"\ndate = 2020-01-03\npath = \"/held/\"\n\
                     withdrawn = { date = 2021-01-01, kind = \"privacy\" }\n+++\nText.\n";
const BELOW: &str = "+++\ntitle = \"Below\"\ndate = 2020-01-04\npath = \"/held/on/\"\n\
                     aliases = [\"/held/old/\"]\n+++\nText.\n";

/// The demo, with a report that a court took down and one of old addresses nobody would think of.
fn archive(settings: &str) -> Archive {
    let archive = Archive::demo();
    let config = fs::read_to_string(archive.path("dateline.toml")).unwrap();
    let aliases: Vec<&str> = ODD.iter().map(|(alias, _)| *alias).collect();
    let report = format!(
        "+++\ntitle = \"Moved\"\ndate = 2020-02-02\npath = \"/2020/02/02/خبر/\"\naliases = {}\n+++\nText.\n",
        json!(aliases)
    );
    archive
        .config(&format!("{config}\n{settings}\n{RULES}"))
        .article("2020/above.md", ABOVE)
        .article("2020/below.md", BELOW)
        .file("static/held/file.txt", "held")
        .article("2020/sealed.md", COURT)
        .article("2020/moved.md", &report)
}

const NEW: &str = "/2020/02/02/%D8%AE%D8%A8%D8%B1/";

/// What every server answers.
#[track_caller]
fn answers_as_told(server: &Server, built: &Built) {
    let about = server.get("/about/");
    assert_eq!(about.status, 200, "{}", server.log());
    assert_eq!(about.text(), built.file("about/index.html"));
    assert_eq!(about.header("cache-control"), Some("public, max-age=0, must-revalidate"));
    assert_eq!(about.header("x-content-type-options"), Some("nosniff"));
    let policy = about.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none';") && !policy.contains("unsafe"), "{policy}");
    let style = built.page("/").attribute("link[rel=stylesheet]", "href");
    let style = server.get(&style);
    let lasting = "public, max-age=31536000, immutable";
    assert_eq!((style.status, style.header("cache-control")), (200, Some(lasting)));
    let missing = server.get("/no/such/page/");
    assert_eq!(missing.status, 404);
    assert_eq!(missing.text(), built.file("404.html"));
    assert!(missing.header("content-security-policy").is_some());
    withdrawals_are_told(server, built);
    redirects_lead_on(server);
}

#[track_caller]
fn withdrawals_are_told(server: &Server, built: &Built) {
    for (address, status) in [("/1996/12/03/clementine-ice/", 410), ("/2020/01/01/sealed/", 451)] {
        let notice = built.file(&format!("{}index.html", &address[1..]));
        for below in ["", "index.html", "moon.jpg", "deeper/x"] {
            let answer = server.get(&format!("{address}{below}"));
            assert_eq!(answer.status, status, "{address}{below}\n{}", server.log());
            assert_eq!(answer.text(), notice, "{address}{below}");
            assert!(answer.header("x-content-type-options").is_some());
        }
    }
    let notice = built.file("held/index.html");
    for own in ["/held/", "/held/index.html"] {
        let answer = server.get(own);
        assert_eq!(
            (answer.status, answer.text()),
            (410, notice.clone()),
            "{own}\n{}",
            server.log()
        );
    }
    let below = server.get("/held/on/");
    assert_eq!((below.status, below.text()), (200, built.file("held/on/index.html")));
    assert_eq!(server.get("/held/file.txt").status, 200);
    assert_eq!(server.get("/held/old/").leads_to(), "/held/on/");
    assert_eq!(server.get("/held/nothing").status, 404);
}

#[track_caller]
fn redirects_lead_on(server: &Server) {
    for (from, to) in [
        ("/mom/", "/2014/09/24/mangalyaan/"),
        ("/old-about.html", "/about/"),
        ("/?p=123", "/1969/07/20/apollo-11/"),
        ("/?x=1&p=123", "/1969/07/20/apollo-11/"),
        ("/tag/moon/page/2/", "/tags/"),
        ("/?s=%D9%82%D9%85%D8%B1", "/about/"),
        ("/?a+b=c%20d.e", "/about/"),
        ("/held/?p=7", "/about/"),
        ("/2020/01/01/sealed/?p=8", "/about/"),
    ] {
        let answer = server.get(from);
        assert_eq!(
            (answer.status, answer.leads_to().as_str()),
            (301, to),
            "{from}\n{}",
            server.log()
        );
    }
    for none in ["/?p=1234", "/?p=12", "/tags/moon/"] {
        assert_eq!(server.get(none).status, 200, "{none}");
    }
    assert_eq!(server.get("/tag/moon/1/").status, 404);
}

/// Each odd address leads on, or shows the page that leads on where the host can't write it.
#[track_caller]
fn odd_addresses_lead_on(server: &Server, unsaid: &[&str]) {
    for (alias, asked) in ODD.into_iter().filter(|(_, asked)| !asked.is_empty()) {
        let answer = server.get(asked);
        if unsaid.contains(&alias) {
            assert_eq!(answer.status, 200, "{alias}");
            assert!(answer.text().contains("http-equiv=\"refresh\""), "{alias}");
        } else {
            let told = (answer.status, answer.leads_to());
            assert_eq!(told, (301, NEW.to_owned()), "{alias}\n{}", server.log());
        }
    }
}

#[track_caller]
fn compressed_copies_are_sent(server: &Server, built: &Built, brotli: bool) {
    let plain = built.file("about/index.html");
    let asked =
        if brotli { [("br, gzip", "br"), ("gzip", "gz")].as_slice() } else { &[("gzip", "gz")] };
    for (accepted, ending) in asked {
        let answer = server.get_with("/about/", &[("Accept-Encoding", accepted)]);
        assert_eq!(answer.status, 200, "{}", server.log());
        let named = if *ending == "br" { "br" } else { "gzip" };
        assert_eq!(answer.header("content-encoding"), Some(named), "{answer:?}");
        assert!(answer.header("content-type").unwrap().starts_with("text/html"));
        let copy = fs::read(built.output().join(format!("about/index.html.{ending}"))).unwrap();
        assert_eq!(answer.body, copy);
        assert_eq!(decompressed(&copy, ending), plain.as_bytes());
        assert!(answer.header("vary").is_some(), "{answer:?}");
    }
    for accepted in ["identity", "gzip;q=0", "gzip; q=0.0, br;q=0", "xgzip, brr"] {
        let answer = server.get_with("/about/", &[("Accept-Encoding", accepted)]);
        assert_eq!((answer.header("content-encoding"), answer.text()), (None, plain.clone()));
        let vary = answer.header("vary").map(str::to_lowercase);
        assert_eq!(vary.as_deref(), Some("accept-encoding"), "{accepted}");
    }
    let weighed = server.get_with("/about/", &[("Accept-Encoding", "br;q=0, gzip;q=0.5")]);
    assert_eq!(weighed.header("content-encoding"), Some("gzip"));
}

fn is_root() -> bool {
    let user = skip::basic("id").arg("-u").output().unwrap();
    user.stdout.starts_with(b"0")
}

fn nginx(root: &Path, rules: &Path) -> Server {
    let (root, rules) = (root.to_owned(), rules.to_owned());
    Server::start(&root.clone(), move |folder, port| {
        let (at, user) = (folder.display(), if is_root() { "user root;" } else { "" });
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|name| format!("{name}_temp_path {at}/{name};"));
        let config = format!(
            "{user} daemon off; pid {at}/pid; error_log {at}/error.log; events {{}}\n\
             http {{ include /etc/nginx/mime.types; access_log off; {}\n\
             server {{ listen 127.0.0.1:{port}; server_name archive.example;\n\
             root \"{}\";\n include \"{}\"; }} }}\n",
            temporary.concat(),
            root.display(),
            rules.display()
        );
        fs::write(folder.join("nginx.conf"), config).unwrap();
        let mut command = skip::basic("nginx");
        command.arg("-c").arg(folder.join("nginx.conf")).arg("-e").arg(folder.join("error.log"));
        command
    })
}

fn apache(root: &Path) -> Server {
    let root = root.to_owned();
    Server::start(&root.clone(), move |folder, port| {
        let at = folder.display();
        let modules = ["mpm_event", "authz_core", "dir", "mime", "rewrite", "headers"];
        let modules = modules.map(|name| {
            format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n")
        });
        let user = if is_root() { "User www-data\nGroup www-data\n" } else { "" };
        // Debian's own table of types, which takes `.br` for Breton and `.gz` for a kind of file.
        let config = format!(
            "{}{user}ServerRoot {at}\nServerName archive.example\nPidFile {at}/pid\n\
             DefaultRuntimeDir {at}\nErrorLog {at}/error.log\nListen 127.0.0.1:{port}\n\
             Include /etc/apache2/mods-available/mime.conf\nDocumentRoot {root}\n\
             DirectoryIndex index.html\n\
             <Directory {root}>\nAllowOverride All\nRequire all granted\n</Directory>\n",
            modules.concat(),
            root = root.display()
        );
        fs::write(folder.join("apache.conf"), config).unwrap();
        let mut command = skip::basic("apache2");
        command.arg("-DFOREGROUND").arg("-f").arg(folder.join("apache.conf"));
        command
    })
}

fn caddy(root: &Path, rules: &Path) -> Server {
    let (root, rules) = (root.to_owned(), rules.to_owned());
    Server::start(&root.clone(), move |folder, port| {
        let config = format!(
            "{{\n\tadmin off\n\tauto_https off\n}}\nhttp://:{port} {{\n\troot * \"{}\"\n\timport \"{}\"\n}}\n",
            root.display(),
            rules.display()
        );
        fs::write(folder.join("Caddyfile"), config).unwrap();
        let mut command = skip::basic("caddy");
        command.args(["run", "--adapter", "caddyfile", "--config"]).arg(folder.join("Caddyfile"));
        for variable in ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"] {
            command.env(variable, folder);
        }
        command
    })
}

#[test]
fn nginx_answers_as_it_is_told() {
    if !needs("nginx") {
        return;
    }
    let built = archive("[deploy]\nhost = \"nginx\"\ncompress = true\n").build().succeeds();
    let server = nginx(built.output(), &built.output().join(".host/nginx.conf"));
    answers_as_told(&server, &built);
    odd_addresses_lead_on(&server, &[]);
    // Its module for Brotli is no part of it.
    compressed_copies_are_sent(&server, &built, false);
    assert_eq!(server.get("/.host/nginx.conf").status, 404);
}

#[test]
fn apache_answers_as_it_is_told() {
    if !needs("apache2") {
        return;
    }
    let built = archive("[deploy]\nhost = \"apache\"\ncompress = true\n").build().succeeds();
    let server = apache(built.output());
    answers_as_told(&server, &built);
    odd_addresses_lead_on(&server, &[]);
    compressed_copies_are_sent(&server, &built, true);
    assert_eq!(server.get("/.htaccess").status, 403);
}

#[test]
fn caddy_answers_as_it_is_told() {
    if !needs("caddy") {
        return;
    }
    let built = archive("[deploy]\nhost = \"caddy\"\ncompress = true\n").build().succeeds();
    let server = caddy(built.output(), &built.output().join(".host/Caddyfile"));
    answers_as_told(&server, &built);
    let unsaid = ["/a{env.HOME}{$HOME}/", "/(a)[b]+^!/"];
    odd_addresses_lead_on(&server, &unsaid);
    assert!(unsaid.iter().all(|address| built.stderr().contains(address)), "{}", built.stderr());
    compressed_copies_are_sent(&server, &built, true);
    assert_eq!(server.get("/.host/Caddyfile").status, 404);
}

/// The folder in which a site of a part of a domain lies.
fn below(host: &str, folder: &str) -> (Archive, Built) {
    let archive = archive(&format!("output_dir2 = 1\n[deploy]\nhost = \"{host}\"\n"));
    let config = fs::read_to_string(archive.path("dateline.toml")).unwrap();
    let config = config
        .replace("output_dir2 = 1\n", "")
        .replace("https://archive.example/", &format!("https://archive.example/{folder}/"));
    archive.write("dateline.toml", config);
    let built = archive.build_with(&["-o", &format!("www/{folder}")]).succeeds();
    (archive, built)
}

#[track_caller]
fn answers_below(server: &Server, folder: &str) {
    let folder = utf8_percent_encode(folder, NON_ALPHANUMERIC);
    let below = |address: &str| format!("/{folder}{address}");
    let old = server.get(&below("/mom/"));
    let told = (old.status, old.leads_to());
    assert_eq!(told, (301, below("/2014/09/24/mangalyaan/")), "{}", server.log());
    assert_eq!(server.get(&below("/2020/01/01/sealed/x")).status, 451, "{}", server.log());
    let gone = server.get(&below("/1996/12/03/clementine-ice/"));
    assert_eq!(gone.status, 410);
    assert!(gone.text().contains("<h1>"), "{gone:?}");
    assert_eq!(server.get(&below("/?p=123")).leads_to(), below("/1969/07/20/apollo-11/"));
    assert_eq!(server.get(&below("/tag/moon/page/2/")).leads_to(), below("/tags/"));
    assert_eq!(server.get(&below("/about/")).status, 200);
    let missing = server.get(&below("/nothing/"));
    assert!(missing.status == 404 && missing.text().contains("<h1>"), "{missing:?}");
}

/// Folders of a domain: the second is written otherwise in addresses than on disk.
const FOLDERS: [&str; 2] = ["news", "أخبار 1"];

#[test]
fn a_site_may_be_a_part_of_a_domain() {
    for folder in FOLDERS {
        if needs("nginx") {
            let (archive, _built) = below("nginx", folder);
            let www = archive.path("www");
            let rules = www.join(folder).join(".host/nginx.conf");
            answers_below(&nginx(&www, &rules), folder);
        }
        if needs("apache2") {
            let (archive, _built) = below("apache", folder);
            answers_below(&apache(&archive.path("www")), folder);
        }
        if needs("caddy") {
            let (archive, _built) = below("caddy", folder);
            let www = archive.path("www");
            let rules = www.join(folder).join(".host/Caddyfile");
            answers_below(&caddy(&www, &rules), folder);
        }
    }
}

/// The least that a withdrawn report can cost: the rule for its own address.
#[test]
fn nginx_starts_though_it_cannot_write_an_address() {
    if !needs("nginx") {
        return;
    }
    let report = COURT.replace("+++\nText", "path = \"/for-$5/\"\n+++\nText");
    let archive = Archive::new().config("[deploy]\nhost = \"nginx\"\n").article("a.md", &report);
    let built = archive.build().succeeds();
    let server = nginx(built.output(), &built.output().join(".host/nginx.conf"));
    assert_eq!(server.get("/for-$5/").status, 200, "{}", server.log());
    assert!(built.stderr().contains("withdrawn reports whose notice"), "{}", built.stderr());
    let (archive, _built) = below("nginx", "$x");
    let www = archive.path("www");
    let server = nginx(&www, &www.join("$x/.host/nginx.conf"));
    assert_eq!(server.get("/$x/about/").status, 200, "{}", server.log());
}

/// Runs a script with a folder of npm's packages; what it prints.
fn node(modules: &Path, script: &str, argument: &Path) -> Json {
    let script = format!(
        "import {{ createRequire }} from 'module'; import fs from 'fs'; \
         const modules = {}; const require = createRequire(modules + '/x.js');\n{script}",
        json!(modules)
    );
    let mut command = skip::basic("node");
    let output =
        command.args(["--input-type=module", "-e", &script]).arg(argument).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Netlify's own matcher: what becomes of each address.
const MATCH: &str = "
const text = fs.readFileSync(process.argv[1] + '/_redirects', 'utf8');
const matcher = await require('netlify-redirector').parsePlain(text, {}, 'https://archive.example/');
const match = (address) => {
  const [path, query] = address.split('?');
  const request = { scheme: 'https', host: 'archive.example', path, query: query || '',
                    getHeader: () => '', getCookie: () => '' };
  const found = matcher.match(request);
  return found && [found.status, found.to, found.force];
};
const addresses = JSON.parse(fs.readFileSync(process.argv[1] + '/../addresses.json', 'utf8'));
const { parseAllRedirects } = await import(modules + '/@netlify/redirect-parser/lib/index.js');
const { parseAllHeaders } = await import(modules + '/@netlify/headers-parser/lib/index.js');
const redirects = await parseAllRedirects({ redirectsFiles: [process.argv[1] + '/_redirects'] });
const headers = await parseAllHeaders({ headersFiles: [process.argv[1] + '/_headers'] });
console.log(JSON.stringify({
  matches: Object.fromEntries(addresses.map((address) => [address, match(address)])),
  errors: [...redirects.errors, ...headers.errors].map(String),
  headers: headers.headers,
}));
";

#[test]
fn netlify_s_own_programs_read_what_it_is_told() {
    let Some(modules) = needs_modules(&["netlify-redirector", "@netlify/headers-parser"]) else {
        return;
    };
    let archive = archive("[deploy]\nhost = \"netlify\"\n");
    let odd: Vec<&str> =
        ODD.iter().map(|(_, asked)| *asked).filter(|asked| !asked.is_empty()).collect();
    let others =
        ["/mom/", "/old-about.html", "/?p=123", "/?p=1234", "/tag/moon/page/2/", "/about/"];
    let gone = ["/1996/12/03/clementine-ice/", "/2020/01/01/sealed/x.png"];
    let asked: Vec<&str> = odd.iter().copied().chain(others).chain(gone).collect();
    archive.write("addresses.json", json!(asked).to_string());
    let built = archive.build().succeeds();
    let told = node(&modules, MATCH, built.output());
    assert_eq!(told["errors"], json!([]));
    for address in odd {
        assert_eq!(told["matches"][address], json!([301, NEW, true]), "{address}");
    }
    let matches = &told["matches"];
    assert_eq!(matches["/mom/"], json!([301, "/2014/09/24/mangalyaan/", true]));
    assert_eq!(matches["/?p=123"], json!([301, "/1969/07/20/apollo-11/", true]));
    assert_eq!(matches["/tag/moon/page/2/"], json!([301, "/tags/", false]));
    assert_eq!((&matches["/?p=1234"], &matches["/about/"]), (&Json::Null, &Json::Null));
    let notice = "/1996/12/03/clementine-ice/index.html";
    assert_eq!(matches["/1996/12/03/clementine-ice/"], json!([410, notice, true]));
    let notice = "/2020/01/01/sealed/index.html";
    assert_eq!(matches["/2020/01/01/sealed/x.png"], json!([451, notice, true]));
    let values = &told["headers"][0]["values"];
    assert_eq!(
        (&told["headers"][0]["for"], &values["X-Content-Type-Options"]),
        (&json!("/*"), &json!("nosniff"))
    );
}

#[test]
fn cloudflare_s_own_emulator_answers_as_it_is_told() {
    let Some(modules) = needs_modules(&["wrangler"]) else { return };
    let built = archive("[deploy]\nhost = \"cloudflare-pages\"\n").build().succeeds();
    let site = built.output().to_owned();
    let server = Server::start(&site.clone(), move |folder, port| {
        let mut command = skip::basic("node");
        command.arg(modules.join("wrangler/bin/wrangler.js"));
        // It would ask its runtime for today's rules, which an older one does not know.
        command.args(["pages", "dev", "--compatibility-date", "2026-01-01"]).arg(site).args([
            "--ip",
            "127.0.0.1",
            "--port",
        ]);
        command.arg(port.to_string()).env("HOME", folder).env("XDG_CONFIG_HOME", folder);
        command.env("WRANGLER_SEND_METRICS", "false").env("CI", "1").current_dir(folder);
        command
    });
    for (from, to) in [("/mom/", "/2014/09/24/mangalyaan/"), ("/tag/moon/page/2/", "/tags/")] {
        let answer = server.get(from);
        assert_eq!((answer.status, answer.leads_to().as_str()), (301, to), "{}", server.log());
    }
    odd_addresses_lead_on(&server, &[]);
    let about = server.get("/about/");
    assert_eq!((about.status, about.header("x-content-type-options")), (200, Some("nosniff")));
    assert!(about.header("content-security-policy").is_some());
    let style = server.get(&built.page("/").attribute("link[rel=stylesheet]", "href"));
    assert_eq!(style.header("cache-control"), Some("public, max-age=31536000, immutable"));
    let gone = server.get("/2020/01/01/sealed/");
    assert_eq!((gone.status, gone.text()), (200, built.file("2020/01/01/sealed/index.html")));
    assert_eq!(server.get("/no/such/page").status, 404);
    assert!(!server.log().contains("invalid"), "{}", server.log());
}

/// What a trusted body shows or loads, the policy lets it: scans in the page, pictures and letters that
/// styles in the page name.
#[test]
fn the_policy_allows_what_trusted_bodies_show_and_what_their_styles_load() {
    let page = |title: &str, body: &str| format!("+++\ntitle = \"{title}\"\n+++\n{body}\n");
    let archive = Archive::new()
        .config("[markdown]\nraw_html = \"trust\"\n[deploy]\nhost = \"netlify\"\n")
        .file("static/scan.pdf", "%PDF-1.1")
        .file(
            "content/2017-01-01-scan.md",
            page("Scan", "<object data=\"/scan.pdf\" type=\"application/pdf\"></object>"),
        )
        .file(
            "content/2017-01-02-style.md",
            page("Style", "<p style=\"background:url(https://pics.example/q.png)\">x</p>"),
        )
        .file(
            "content/2017-01-03-sheet.md",
            page(
                "Sheet",
                "<style>@font-face{src:url(https://letters.example/f.woff2)} \
                 p{background:url('https://more.example/q.png')}</style>",
            ),
        );
    archive.build().succeeds();
    let headers = std::fs::read_to_string(archive.path("public/_headers")).unwrap();
    let policy = headers.lines().find(|line| line.contains("Content-Security-Policy")).unwrap();
    for directive in [
        "; frame-src 'self';",
        "; object-src 'self';",
        "; img-src 'self' data: https://more.example https://pics.example;",
        "; font-src 'self' https://letters.example;",
    ] {
        assert!(policy.contains(directive), "{directive}: {policy}");
    }
}

/// A report with files that browsers run, for a host.
fn active(host: &str) -> Built {
    let report = "+++\ntitle = \"Talks\"\ndate = 2017-01-29\n+++\nText.\n";
    let drawing = format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{}</svg>", "<g/>".repeat(600));
    Archive::new()
        .config(&format!("[deploy]\nhost = \"{host}\"\ncompress = true\n"))
        .article("x/index.md", report)
        .file("content/x/scan.html", "<script>alert(1)</script>")
        .file("content/x/a chart.svg", drawing)
        .file("static/scan.html", "<p>The curator's own.</p>")
        .build()
        .succeeds()
}

#[track_caller]
fn active_files_have_no_powers(server: &Server) {
    let policy = |address: &str| {
        let answer = server.get_with(address, &[("Accept-Encoding", "gzip")]);
        assert_eq!(answer.status, 200, "{address}");
        answer.header("content-security-policy").unwrap().to_owned()
    };
    assert_eq!(policy("/2017/01/29/x/scan.html"), "sandbox");
    let drawing = policy("/2017/01/29/x/a%20chart.svg");
    assert_eq!(drawing, "script-src 'none'; sandbox");
    assert!(!policy("/scan.html").contains("sandbox") && !policy("/").contains("sandbox"));
}

#[test]
fn real_servers_show_active_files_without_their_powers() {
    if needs("nginx") {
        let built = active("nginx");
        active_files_have_no_powers(&nginx(
            built.output(),
            &built.output().join(".host/nginx.conf"),
        ));
    }
    if needs("apache2") {
        let built = active("apache");
        active_files_have_no_powers(&apache(built.output()));
    }
    if needs("caddy") {
        let built = active("caddy");
        active_files_have_no_powers(&caddy(
            built.output(),
            &built.output().join(".host/Caddyfile"),
        ));
    }
}
