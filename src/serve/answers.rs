//! Responses to requests, with axum: the only module that uses HTTP.

use std::convert::Infallible;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION,
    RANGE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream::{self, Stream};
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tower::ServiceExt as _;
use tower_http::services::ServeFile;
use xxhash_rust::xxh3::xxh3_64;

use super::pages::{self, Passage};
use super::shown::{Answer, Shown, ShownSite};
use crate::serve::known_hosts::KnownHosts;

/// The delay before a browser reconnects.
const RETRY: Duration = Duration::from_millis(500);

/// The current state, for all requests.
pub(super) type Showing = watch::Receiver<Arc<Shown>>;

/// The host in a request, checked against [`KnownHosts`].
#[derive(Clone)]
struct AskedHost(String);

/// The server's routes.
pub(super) fn router(showing: Showing, hosts: KnownHosts) -> Router {
    Router::new()
        .route(pages::STATUS, get(status))
        .route(pages::SCRIPT, get(script))
        .fallback(page)
        .layer(middleware::from_fn_with_state(Arc::new(hosts), guard))
        .with_state(showing)
}

/// Rejects requests for unknown hosts, and sets headers.
async fn guard(State(hosts): State<Arc<KnownHosts>>, mut request: Request, next: Next) -> Response {
    let Some(host) = hosts.asked(request.uri(), request.headers()) else {
        let words =
            "This server does not answer to that name. Should it, start it with --allow-host.\n";
        return (StatusCode::FORBIDDEN, words).into_response();
    };
    request.extensions_mut().insert(AskedHost(host));
    let mut response = next.run(request).await;
    // Other sites must not embed drafts.
    let policy = HeaderName::from_static("cross-origin-resource-policy");
    for (name, value) in
        [(CACHE_CONTROL, "no-cache"), (X_CONTENT_TYPE_OPTIONS, "nosniff"), (policy, "same-origin")]
    {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The script in pages.
async fn script() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("page.js"))
}

/// The current status, and each change as an event.
async fn status(
    State(showing): State<Showing>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let told = stream::unfold((showing, false), |(mut showing, is_told)| async move {
        if is_told {
            showing.changed().await.ok()?;
        }
        let status =
            serde_json::to_string(&showing.borrow_and_update().status()).unwrap_or_default();
        Some((Ok(Event::default().retry(RETRY).data(status)), (showing, true)))
    });
    Sse::new(told).keep_alive(KeepAlive::default())
}

/// A page or file of the site.
async fn page(State(showing): State<Showing>, request: Request) -> Response {
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")]).into_response();
    }
    let shown = Arc::clone(&showing.borrow());
    let host = request.extensions().get::<AskedHost>().map(|host| host.0.clone());
    let visit = Visit { shown, host: host.unwrap_or_default(), headers: request.headers().clone() };
    let (path, query) = (request.uri().path().to_owned(), request.uri().query().map(str::to_owned));
    match spawn_blocking(move || visit.answered(&path, query.as_deref())).await {
        Ok(Found::Answered(response)) => *response,
        Ok(Found::Plain(file, kind, policy)) => {
            let mut response = plain(&file, &kind, request).await;
            restrict(&mut response, policy);
            response
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Sets a policy that disables scripts.
fn restrict(response: &mut Response, policy: Option<&'static str>) {
    if let Some(policy) = policy {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    }
}

/// A file, with support of ranges and conditional requests.
async fn plain(file: &Path, kind: &str, mut request: Request) -> Response {
    let length = tokio::fs::metadata(file).await.map_or(0, |data| data.len());
    let range = request.headers().get(RANGE).and_then(|range| range.to_str().ok());
    if !range.is_some_and(|range| is_answered(range, length)) {
        request.headers_mut().remove(RANGE);
    }
    let Ok(mut response) = ServeFile::new(file).oneshot(request).await;
    if let Ok(kind) = HeaderValue::try_from(kind)
        && response.headers().contains_key(CONTENT_TYPE)
    {
        response.headers_mut().insert(CONTENT_TYPE, kind);
    }
    response.map(Body::new)
}

/// Whether a range is supported. For others, a server may send the whole file (RFC 9110 §14.2):
/// several ranges, other units, or a suffix longer than the file.
fn is_answered(range: &str, length: u64) -> bool {
    let Some(range) = range.strip_prefix("bytes=") else { return false };
    match range.split_once('-').map(|(first, last)| (first.trim(), last.trim())) {
        Some(("", last)) => last.parse::<u64>().is_ok_and(|last| last < length),
        Some((first, "")) => first.parse::<u64>().is_ok(),
        Some((first, last)) => first
            .parse::<u64>()
            .and_then(|first| last.parse::<u64>().map(|last| first <= last))
            .unwrap_or(false),
        None => false,
    }
}

/// A request with the state at its start.
struct Visit {
    shown: Arc<Shown>,
    host: String,
    headers: HeaderMap,
}

/// A response, or a file to send.
enum Found {
    Answered(Box<Response>),
    /// A file to send unchanged, with this type and policy.
    Plain(PathBuf, String, Option<&'static str>),
}

impl Found {
    fn of(response: Response) -> Found {
        Found::Answered(Box::new(response))
    }
}

impl Visit {
    fn answered(&self, path: &str, query: Option<&str>) -> Found {
        let Some(site) = &self.shown.site else {
            let empty = pages::EMPTY.into();
            return Found::of(self.text(StatusCode::SERVICE_UNAVAILABLE, Passage::Page, empty));
        };
        match site.find(path) {
            Answer::File(file, 200) if self.passage(&file) == Passage::Plain => {
                let (kind, policy) = (site.media_type(&file), site.policy(&file));
                Found::Plain(file, kind, policy)
            }
            Answer::File(file, status) => Found::of(self.file(site, &file, status)),
            Answer::Nothing(Some(file)) => Found::of(self.file(site, &file, 404)),
            Answer::Nothing(None) => Found::of(self.missing()),
            Answer::Elsewhere(path) => {
                let query = query.map(|query| format!("?{query}")).unwrap_or_default();
                let to = [(LOCATION, format!("{path}{query}"))];
                Found::of((StatusCode::TEMPORARY_REDIRECT, to).into_response())
            }
        }
    }

    fn passage(&self, file: &Path) -> Passage {
        pages::passage(file, &self.host)
    }

    /// Reads a file, opened only once: a build may replace it meanwhile.
    fn file(&self, site: &ShownSite, file: &Path, status: u16) -> Response {
        let Ok(bytes) = fs::read(file) else { return self.missing() };
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::GONE);
        let mut response = self.text(status, self.passage(file), bytes);
        if let Ok(kind) = HeaderValue::try_from(site.media_type(file)) {
            response.headers_mut().insert(CONTENT_TYPE, kind);
        }
        restrict(&mut response, site.policy(file));
        response
    }

    fn missing(&self) -> Response {
        let words = "<!doctype html><title>404</title><body><p>There is nothing here.</p></body>";
        self.text(StatusCode::NOT_FOUND, Passage::Page, words.into())
    }

    /// A response with these bytes, or 304.
    fn text(&self, status: StatusCode, passage: Passage, bytes: Vec<u8>) -> Response {
        let mut bytes = pages::at_host(bytes, &self.host);
        if passage == Passage::Page {
            bytes = pages::with_script(bytes, &self.shown.version);
        }
        let tag = format!("\"{:016x}\"", xxh3_64(&bytes));
        let headers = [(ETAG, tag.clone()), (CONTENT_TYPE, "text/html; charset=utf-8".to_owned())];
        if status == StatusCode::OK && self.has(&tag) {
            (StatusCode::NOT_MODIFIED, headers).into_response()
        } else {
            (status, headers, bytes).into_response()
        }
    }

    /// Whether the browser has this version.
    fn has(&self, tag: &str) -> bool {
        let held = self.headers.get_all(IF_NONE_MATCH).iter().filter_map(|held| held.to_str().ok());
        held.flat_map(|held| held.split(','))
            .map(str::trim)
            .any(|held| held == "*" || held.trim_start_matches("W/") == tag)
    }
}
