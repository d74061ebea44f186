//! Responses to requests, with axum: the only module of this room that uses HTTP.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, SET_COOKIE,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value as Json, json};
use tokio::task::spawn_blocking;
use tower::ServiceExt as _;

use super::api::{self, Call};
use super::gate::{Head, Part, Refused, cookie_name, policy};
use super::reply::Reply;
use super::{Desk, assets};

/// The largest body of a request.
const LARGEST: usize = 16 * 1024 * 1024;

/// The server: desk and preview.
pub(super) fn router(desk: Arc<Desk>, preview: Router) -> Router {
    Router::new().fallback(answer).with_state((desk, preview))
}

async fn answer(State((desk, preview)): State<(Arc<Desk>, Router)>, request: Request) -> Response {
    let head = Head {
        port: desk.port,
        method: request.method(),
        uri: request.uri(),
        headers: request.headers(),
    };
    match head.part() {
        Err(refused) => with_headers(refusal(refused), desk.port),
        Ok(Part::Preview) => previewed(preview, request, desk.port).await,
        Ok(Part::Desk) => {
            let port = desk.port;
            with_headers(desk_answer(desk, request).await, port)
        }
    }
}

/// A page of the preview, which only the desk may frame.
async fn previewed(preview: Router, request: Request, port: u16) -> Response {
    let Ok(mut response) = preview.oneshot(request).await;
    let policy = format!("frame-ancestors http://127.0.0.1:{port}");
    if let Ok(policy) = HeaderValue::try_from(policy) {
        response.headers_mut().append(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn refusal(refused: Refused) -> Response {
    (StatusCode::FORBIDDEN, format!("{refused}\n")).into_response()
}

fn with_headers(mut response: Response, port: u16) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::try_from(policy(port)) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

async fn desk_answer(desk: Arc<Desk>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let head =
        Head { port: desk.port, method: &parts.method, uri: &parts.uri, headers: &parts.headers };
    let path = parts.uri.path();
    if parts.method == Method::POST && path == "/_desk/again" {
        return again(&desk, &head);
    }
    if let Err(refused) = head.is_from_here() {
        return refusal(refused);
    }
    let is_read = parts.method == Method::GET || parts.method == Method::HEAD;
    if !is_read && parts.method != Method::POST {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    if is_read && let Some(name) = path.strip_prefix("/_desk/assets/") {
        return match assets::file(name) {
            Some((kind, text)) => ([(CONTENT_TYPE, kind)], text).into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        };
    }
    let is_page = matches!(path, "/_desk/" | "/_desk/open" | "/_desk/clip");
    if is_read && is_page {
        return ([(CONTENT_TYPE, "text/html; charset=utf-8")], assets::PAGE).into_response();
    }
    let Some(call) = path.strip_prefix("/_desk/api/") else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let is_enter = !is_read && call == "enter";
    if !is_enter && !head.cookies().any(|cookie| desk.session.is(cookie)) {
        return reply(&Reply::error(401, "This page is not logged in."));
    }
    let content = match read(body).await {
        Ok(content) => content,
        Err(reply_with) => return reply(&reply_with),
    };
    if is_enter {
        return enter(&desk, &content);
    }
    if !is_read && call == "quit" {
        desk.quit.notify_one();
        return reply(&Reply::of(json!({})));
    }
    let call = Call {
        is_read,
        name: call.to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        content,
    };
    match spawn_blocking(move || api::answer(&desk, &call)).await {
        Ok(answer) => reply(&answer),
        Err(_) => reply(&Reply::error(500, "The desk could not do that.")),
    }
}

async fn read(body: Body) -> Result<Json, Reply> {
    let bytes = to_bytes(body, LARGEST).await;
    let bytes = bytes.map_err(|_| Reply::error(413, "That is too large for the desk."))?;
    if bytes.is_empty() {
        return Ok(Json::Null);
    }
    serde_json::from_slice(&bytes).map_err(|_| Reply::error(400, "That is no JSON."))
}

fn reply(reply: &Reply) -> Response {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(CONTENT_TYPE, "application/json")], reply.json.to_string()).into_response()
}

/// Gives another link to a start of the program that could read the desk's file.
fn again(desk: &Desk, head: &Head<'_>) -> Response {
    let secret = head.headers.get("dateline-desk").and_then(|secret| secret.to_str().ok());
    if !head.is_no_browser() || !secret.is_some_and(|secret| desk.again.is(secret)) {
        return refusal(Refused::Elsewhere);
    }
    match desk.new_link() {
        Ok(link) => reply(&Reply::of(json!({ "link": link }))),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Takes a token, and gives the cookie.
fn enter(desk: &Desk, content: &Json) -> Response {
    let token = content.get("token").and_then(Json::as_str).unwrap_or_default();
    let is_good = desk.tokens.lock().is_ok_and(|mut tokens| tokens.take(token));
    if !is_good {
        return reply(&Reply::error(403, "This link was used already, or is older than a minute."));
    }
    let cookie = format!(
        "{}={}; HttpOnly; SameSite=Strict; Path=/_desk/",
        cookie_name(desk.port),
        desk.session.as_str()
    );
    let mut response = reply(&Reply::of(json!({})));
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}
