//! A browser without script: cookies, forms, no redirect followed unasked.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use andon::people::percent_encode;

use super::html::{Doc, FilledForm};
use super::lock;

/// Somebody at a browser of their own.
#[derive(Clone)]
pub struct Client {
    address: String,
    agent: ureq::Agent,
    cookies: Arc<Mutex<Vec<(String, String)>>>,
    requests: Arc<Mutex<Vec<String>>>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Page {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub path: String,
}

/// A body to send.
enum Body {
    None,
    Bytes(String, Vec<u8>),
}

impl Client {
    pub(super) fn new(address: &str, requests: Arc<Mutex<Vec<String>>>) -> Client {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        Client {
            address: address.to_owned(),
            agent: config.into(),
            cookies: Arc::default(),
            requests,
        }
    }

    pub fn set_cookie(&self, name: &str, value: &str) {
        let mut cookies = lock(&self.cookies);
        cookies.retain(|(own, _)| own != name);
        if !value.is_empty() {
            cookies.push((name.to_owned(), value.to_owned()));
        }
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        lock(&self.cookies)
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.clone())
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    #[track_caller]
    pub fn get(&self, path: &str) -> Page {
        self.request("GET", path, &[], Body::None)
    }

    /// GET, which must be answered with a page.
    #[track_caller]
    pub fn page(&self, path: &str) -> Page {
        let page = self.get(path);
        assert_eq!(page.status, 200, "GET {path}: {}", page.text());
        page
    }

    /// GET with headers of one's own.
    #[track_caller]
    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Page {
        self.request("GET", path, headers, Body::None)
    }

    /// Posts fields as a form of ours would.
    #[track_caller]
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.post_with(path, fields, &[("Sec-Fetch-Site", "same-origin")])
    }

    /// Posts fields with headers of one's own and no others.
    #[track_caller]
    pub fn post_with(&self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Page {
        let body = urlencoded(fields.iter().copied());
        let kind = "application/x-www-form-urlencoded".to_owned();
        self.request("POST", path, headers, Body::Bytes(kind, body.into_bytes()))
    }

    /// Any method with any body.
    #[track_caller]
    pub fn raw(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        kind: &str,
        body: &[u8],
    ) -> Page {
        let body = if kind.is_empty() {
            Body::None
        } else {
            Body::Bytes(kind.to_owned(), body.to_vec())
        };
        self.request(method, path, headers, body)
    }

    /// Sends a form as its page would.
    #[track_caller]
    pub fn send(&self, form: &FilledForm) -> Page {
        let own = [("Sec-Fetch-Site", "same-origin")];
        let fields = || form.fields.iter().map(|(n, v)| (n.as_str(), v.as_str()));
        if form.method == "get" {
            let path = form.action.split('?').next().unwrap_or_default();
            return self.get(&format!("{path}?{}", urlencoded(fields())));
        }
        if form.multipart || !form.files.is_empty() {
            let (kind, body) = multipart(form);
            return self.request("POST", &form.action, &own, Body::Bytes(kind, body));
        }
        let kind = "application/x-www-form-urlencoded".to_owned();
        let body = urlencoded(fields()).into_bytes();
        self.request("POST", &form.action, &own, Body::Bytes(kind, body))
    }

    /// Sends a form by one of its buttons.
    #[track_caller]
    pub fn press(&self, form: &FilledForm, name: &str, value: &str) -> Page {
        self.send(&form.clone().add(name, value))
    }

    /// Follows a redirect, as a browser does by itself.
    #[track_caller]
    pub fn follow(&self, page: &Page) -> Page {
        self.page(page.location())
    }

    #[track_caller]
    fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Body) -> Page {
        let path = path
            .strip_prefix(&self.address)
            .unwrap_or(path)
            .split('#')
            .next()
            .unwrap_or_default();
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.address));
        let cookies: Vec<String> = lock(&self.cookies)
            .iter()
            .map(|(n, v)| format!("{n}={v}"))
            .collect();
        if !cookies.is_empty() {
            request = request.header("Cookie", cookies.join("; "));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = match body {
            Body::None if method == "GET" || method == "HEAD" => {
                self.agent.run(request.body(()).expect("a request"))
            }
            Body::None => self
                .agent
                .run(request.body(Vec::<u8>::new()).expect("a request")),
            Body::Bytes(kind, bytes) => {
                let request = request.header("Content-Type", kind);
                self.agent.run(request.body(bytes).expect("a request"))
            }
        };
        let mut answer = match answer {
            Ok(answer) => answer,
            Err(e) => panic!("{method} {path}: {e}"),
        };
        let page = Page {
            status: answer.status().as_u16(),
            headers: answer
                .headers()
                .iter()
                .map(|(n, v)| {
                    (
                        n.as_str().to_owned(),
                        String::from_utf8_lossy(v.as_bytes()).into_owned(),
                    )
                })
                .collect(),
            body: answer
                .body_mut()
                .with_config()
                .limit(200_000_000)
                .read_to_vec()
                .unwrap_or_else(|e| panic!("{method} {path}: {e}")),
            path: path.to_owned(),
        };
        if let Some(id) = page.header("x-request-id") {
            lock(&self.requests).push(id.to_owned());
        }
        self.keep_cookies(&page);
        page
    }

    fn keep_cookies(&self, page: &Page) {
        for (_, line) in page.headers.iter().filter(|(n, _)| n == "set-cookie") {
            let first = line.split(';').next().unwrap_or_default();
            let (name, value) = first.split_once('=').unwrap_or((first, ""));
            let gone = line.to_ascii_lowercase().contains("max-age=0");
            self.set_cookie(name.trim(), if gone { "" } else { value.trim() });
        }
    }
}

impl Page {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }

    pub fn html(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn doc(&self) -> Doc {
        Doc::parse(&self.html())
    }

    /// What a reader sees.
    pub fn text(&self) -> String {
        self.doc().text()
    }

    #[track_caller]
    pub fn location(&self) -> &str {
        match self.header("location") {
            Some(location) if self.status == 303 => location,
            _ => panic!(
                "{} is no redirect: {} {}",
                self.path,
                self.status,
                self.text()
            ),
        }
    }

    #[track_caller]
    pub fn expect(self, status: u16) -> Page {
        assert_eq!(self.status, status, "{}: {}", self.path, self.text());
        self
    }

    /// Every form; one that names no address goes to the page's own.
    pub fn forms(&self) -> Vec<FilledForm> {
        let mut forms = self.doc().forms();
        for form in forms.iter_mut().filter(|f| f.action.is_empty()) {
            form.action.clone_from(&self.path);
        }
        forms
    }

    /// The form whose action ends like this (its query aside).
    #[track_caller]
    pub fn form(&self, action: &str) -> FilledForm {
        let forms = self.forms();
        let path = |f: &FilledForm| f.action.split('?').next().unwrap_or_default().to_owned();
        match forms.iter().find(|f| path(f).ends_with(action)) {
            Some(form) => form.clone(),
            None => {
                let there: Vec<String> = forms.iter().map(path).collect();
                panic!("{} has no form {action:?} but {there:?}", self.path)
            }
        }
    }

    /// The form that has a field of this name and sends to an address that ends like this.
    #[track_caller]
    pub fn form_with(&self, action: &str, field: &str) -> FilledForm {
        self.forms()
            .into_iter()
            .find(|f| {
                f.action
                    .split('?')
                    .next()
                    .unwrap_or_default()
                    .ends_with(action)
                    && f.value(field).is_some()
            })
            .unwrap_or_else(|| panic!("{} has no form {action:?} with {field:?}", self.path))
    }

    pub fn has_form(&self, action: &str) -> bool {
        self.doc().forms().iter().any(|f| {
            f.action
                .split('?')
                .next()
                .unwrap_or_default()
                .ends_with(action)
        })
    }

    #[track_caller]
    pub fn assert_says(&self, text: &str) {
        let shown = self.text();
        assert!(
            shown.contains(text),
            "{} does not say {text:?}: {shown}",
            self.path
        );
    }
}

pub fn urlencoded<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    fields
        .map(|(n, v)| format!("{}={}", percent_encode(n), percent_encode(v)))
        .collect::<Vec<_>>()
        .join("&")
}

fn multipart(form: &FilledForm) -> (String, Vec<u8>) {
    let boundary = format!("----andon{}", uuid::Uuid::new_v4().simple());
    let mut body = Vec::new();
    // As browsers write names (WHATWG HTML, multipart/form-data).
    let quoted = |name: &str| {
        name.replace('"', "%22")
            .replace('\r', "%0D")
            .replace('\n', "%0A")
    };
    for (name, value) in &form.fields {
        body.extend_from_slice(
            format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n",
                quoted(name)
            )
            .as_bytes(),
        );
        body.extend_from_slice(value.as_bytes());
        body.extend_from_slice(b"\r\n");
    }
    for (field, name, content) in &form.files {
        body.extend_from_slice(
            format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\nContent-Type: application/octet-stream\r\n\r\n",
                quoted(field),
                quoted(name)
            )
            .as_bytes(),
        );
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={boundary}"), body)
}
