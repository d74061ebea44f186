//! Services whose players and posts other sites embed: what an embedded frame shows, and where a
//! reader can see it. No service is asked.

use url::Url;

/// What an embedded frame shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    /// The service's name.
    pub(super) service: &'static str,
    /// The address where a reader sees it, not the frame's.
    pub(super) address: String,
}

/// What the frame at an address shows; `None` if the service is unknown.
pub(super) fn shown(written: &str) -> Option<Shown> {
    let absolute = match written.trim().strip_prefix("//") {
        Some(rest) => format!("https://{rest}"),
        None => written.trim().to_owned(),
    };
    let url = Url::parse(&absolute).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let host = url.host_str()?;
    let host = ["www.", "m.", "mobile."]
        .iter()
        .find_map(|prefix| host.strip_prefix(prefix))
        .unwrap_or(host);
    let path: Vec<&str> = url.path().split('/').filter(|part| !part.is_empty()).collect();
    let (service, address) = match host {
        "youtube.com" | "youtube-nocookie.com" | "youtu.be" => {
            ("YouTube", youtube(&url, host, &path)?)
        }
        "player.vimeo.com" | "vimeo.com" => ("Vimeo", vimeo(&url, &path)?),
        "w.soundcloud.com" | "soundcloud.com" => ("SoundCloud", soundcloud(&url, host)?),
        "twitter.com" | "x.com" | "platform.twitter.com" | "platform.x.com" => {
            ("X", post_on_x(&url, &path)?)
        }
        "t.me" | "telegram.me" => ("Telegram", telegram(&path)?),
        "archive.org" => ("Internet Archive", internet_archive(&path)?),
        "open.spotify.com" => ("Spotify", spotify(&path)?),
        _ => of_any_host(&url, &path)?,
    };
    Some(Shown { service, address })
}

fn youtube(url: &Url, host: &str, path: &[&str]) -> Option<String> {
    let list = query(url, "list").filter(|list| is_name(list));
    let film = match path {
        [id] if host == "youtu.be" => Some((*id).to_owned()),
        ["embed" | "v" | "shorts" | "live", id] if *id != "videoseries" => Some((*id).to_owned()),
        ["watch"] => query(url, "v"),
        _ => None,
    };
    match film.filter(|id| is_name(id)) {
        Some(id) => {
            let start = query(url, "start").or_else(|| query(url, "t"));
            let start = start.filter(|start| is_name(start));
            let start = start.map(|start| format!("&t={start}")).unwrap_or_default();
            Some(format!("https://www.youtube.com/watch?v={id}{start}"))
        }
        None => list.map(|list| format!("https://www.youtube.com/playlist?list={list}")),
    }
}

fn vimeo(url: &Url, path: &[&str]) -> Option<String> {
    let id = match path {
        ["video", id, ..] | [id, ..] => is_number(id).then_some(*id)?,
        [] => return None,
    };
    // Films that are not listed have a second name.
    let secret = query(url, "h").or_else(|| {
        path.iter().skip_while(|part| **part != id).nth(1).map(|part| (*part).to_owned())
    });
    let secret = secret.filter(|secret| is_name(secret));
    Some(match secret {
        Some(secret) => format!("https://vimeo.com/{id}/{secret}"),
        None => format!("https://vimeo.com/{id}"),
    })
}

fn soundcloud(url: &Url, host: &str) -> Option<String> {
    if host == "soundcloud.com" {
        return (url.path().len() > 1).then(|| format!("https://soundcloud.com{}", url.path()));
    }
    let asked = Url::parse(&query(url, "url")?).ok()?;
    let is_page = matches!(asked.host_str(), Some("soundcloud.com" | "www.soundcloud.com"));
    // The service's own player, where the sound has only a number.
    Some(if is_page { format!("https://soundcloud.com{}", asked.path()) } else { url.to_string() })
}

fn post_on_x(url: &Url, path: &[&str]) -> Option<String> {
    let (user, id) = match path {
        [user, "status" | "statuses", id, ..] => ((*user).to_owned(), (*id).to_owned()),
        ["embed", _] => ("i".to_owned(), query(url, "id")?),
        _ => return None,
    };
    (is_name(&user) && is_number(&id)).then(|| format!("https://twitter.com/{user}/status/{id}"))
}

fn telegram(path: &[&str]) -> Option<String> {
    match path {
        [channel, id] if is_name(channel) && is_number(id) => {
            Some(format!("https://t.me/{channel}/{id}"))
        }
        _ => None,
    }
}

fn internet_archive(path: &[&str]) -> Option<String> {
    match path {
        ["embed" | "details", item, ..] => Some(format!("https://archive.org/details/{item}")),
        _ => None,
    }
}

fn spotify(path: &[&str]) -> Option<String> {
    match path {
        ["embed" | "embed-podcast", kind, id] | [kind, id]
            if is_name(kind) && is_name(id) && *kind != "embed" =>
        {
            Some(format!("https://open.spotify.com/{kind}/{id}"))
        }
        _ => None,
    }
}

/// Services that anyone may run, known by the form of their addresses.
fn of_any_host(url: &Url, path: &[&str]) -> Option<(&'static str, String)> {
    let host = url.host_str()?;
    match path {
        [user, id, "embed"] if user.starts_with('@') && is_number(id) => {
            Some(("Mastodon", format!("https://{host}/{user}/{id}")))
        }
        ["users", user, "statuses", id, "embed"] if is_number(id) => {
            Some(("Mastodon", format!("https://{host}/@{user}/{id}")))
        }
        ["videos", "embed", id] if is_name(id) => {
            Some(("PeerTube", format!("https://{host}/w/{id}")))
        }
        _ => None,
    }
}

fn query(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

fn is_name(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=100).contains(&text.len()) && text.bytes().all(is_part)
}

fn is_number(text: &str) -> bool {
    (1..=30).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Titles that players give themselves, which say nothing of what they show.
pub(super) fn is_title_of_player(title: &str) -> bool {
    const PLAYERS: [&str; 10] = [
        "youtube video player",
        "youtube player",
        "video player",
        "vimeo-player",
        "vimeo video player",
        "twitter tweet",
        "x post",
        "embedded content",
        "embedded video",
        "soundcloud player",
    ];
    let title = title.trim();
    title.is_empty() || PLAYERS.iter().any(|player| player.eq_ignore_ascii_case(title))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_becomes_the_page_where_readers_see_the_same() {
        for (frame, service, address) in [
            (
                "https://www.youtube.com/embed/dQw4-_9?autoplay=1&start=42",
                "YouTube",
                "https://www.youtube.com/watch?v=dQw4-_9&t=42",
            ),
            (
                "//www.youtube-nocookie.com/embed/abc",
                "YouTube",
                "https://www.youtube.com/watch?v=abc",
            ),
            ("https://youtu.be/abc?t=5", "YouTube", "https://www.youtube.com/watch?v=abc&t=5"),
            ("https://m.youtube.com/shorts/abc", "YouTube", "https://www.youtube.com/watch?v=abc"),
            (
                "https://youtube.com/embed/videoseries?list=PL1",
                "YouTube",
                "https://www.youtube.com/playlist?list=PL1",
            ),
            ("https://player.vimeo.com/video/12?h=ab&dnt=1", "Vimeo", "https://vimeo.com/12/ab"),
            ("https://vimeo.com/12", "Vimeo", "https://vimeo.com/12"),
            (
                "https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/a/b&color=x",
                "SoundCloud",
                "https://soundcloud.com/a/b",
            ),
            (
                "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/1",
                "SoundCloud",
                "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/1",
            ),
            (
                "https://platform.twitter.com/embed/Tweet.html?id=12",
                "X",
                "https://twitter.com/i/status/12",
            ),
            ("https://x.com/a_b/status/12?s=20", "X", "https://twitter.com/a_b/status/12"),
            ("https://t.me/channel/12?embed=1", "Telegram", "https://t.me/channel/12"),
            (
                "https://mastodon.example/@a@b.example/12/embed",
                "Mastodon",
                "https://mastodon.example/@a@b.example/12",
            ),
            (
                "https://tube.example/videos/embed/9c-1?title=0",
                "PeerTube",
                "https://tube.example/w/9c-1",
            ),
            (
                "https://archive.org/embed/item.1",
                "Internet Archive",
                "https://archive.org/details/item.1",
            ),
            (
                "https://open.spotify.com/embed/episode/1a",
                "Spotify",
                "https://open.spotify.com/episode/1a",
            ),
        ] {
            let wanted = Shown { service, address: address.to_owned() };
            assert_eq!(shown(frame), Some(wanted), "{frame}");
        }
    }

    #[test]
    fn what_is_none_of_theirs_stays_unknown() {
        for frame in [
            "https://www.youtube.example/embed/abc",
            "https://youtube.com.evil.example/embed/abc",
            "https://www.youtube.com/embed/",
            "https://www.youtube.com/embed/a%22b",
            "https://www.youtube.com/embed/a/../../b",
            "https://t.me/channel",
            "javascript://youtu.be/abc",
            "https://a.example/embed",
            "a.html",
            "",
        ] {
            assert_eq!(shown(frame), None, "{frame}");
        }
    }
}
