//! What the text of a setting may be.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use crate::platform::web::origin::{self, Net, Origins};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogLevel {
    Error,
    Warn,
    #[default]
    Info,
    Debug,
    Trace,
}

/// The address people type. It knows the origins that forms may come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(Origins);

impl PublicUrl {
    /// Checks the address against where we listen: plain HTTP stays on this machine unless asked for.
    /// Where no address is set it is the listener's own; for all addresses of a machine, `localhost`.
    pub(super) fn decide(
        given: Option<String>,
        listen: SocketAddr,
        insecure_http: bool,
    ) -> Result<PublicUrl, String> {
        let host = match listen.ip() {
            ip if ip.is_unspecified() => "localhost".to_owned(),
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => format!("[{ip}]"),
        };
        let url = given.unwrap_or_else(|| match listen.port() {
            // The system chooses the port; whoever binds it knows it.
            0 => format!("http://{host}"),
            port => format!("http://{host}:{port}"),
        });
        origin::check(Some(&url), listen, insecure_http).map(PublicUrl)
    }

    /// With https, cookies are `__Host-` and `Secure`.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.is_https()
    }

    #[must_use]
    pub fn origins(&self) -> &Origins {
        &self.0
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.public_url())
    }
}

pub(super) fn listen(text: &str) -> Option<SocketAddr> {
    let text = text
        .strip_prefix("localhost:")
        .map_or(text.to_owned(), |port| format!("127.0.0.1:{port}"));
    text.parse().ok()
}

/// The text of a public URL that can be understood.
pub(super) fn public_url(text: &str) -> Option<String> {
    Origins::from_public_url(text)
        .is_ok()
        .then(|| text.to_owned())
}

pub(super) fn networks(text: &str) -> Option<Vec<Net>> {
    let items = text
        .split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty());
    items.map(|item| item.parse().ok()).collect()
}

pub(super) fn yes_or_no(text: &str) -> Option<bool> {
    match text {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

pub(super) fn folder(text: &str) -> Option<PathBuf> {
    (!text.trim().is_empty() && !text.contains('\0')).then(|| PathBuf::from(text))
}

pub(super) fn log_format(text: &str) -> Option<LogFormat> {
    match text {
        "text" => Some(LogFormat::Text),
        "json" => Some(LogFormat::Json),
        _ => None,
    }
}

pub(super) fn log_level(text: &str) -> Option<LogLevel> {
    match text {
        "error" => Some(LogLevel::Error),
        "warn" => Some(LogLevel::Warn),
        "info" => Some(LogLevel::Info),
        "debug" => Some(LogLevel::Debug),
        "trace" => Some(LogLevel::Trace),
        _ => None,
    }
}

pub(super) fn between(least: u32, most: u32) -> impl Fn(&str) -> Option<u32> {
    move |text| {
        text.parse()
            .ok()
            .filter(|number| (least..=most).contains(number))
    }
}
