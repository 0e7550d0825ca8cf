//! What the text of a setting may be.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;

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

/// The address people type: scheme, host and port, nothing behind them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    https: bool,
    /// As it stands in an origin: lower case, IPv6 in brackets.
    host: String,
    port: u16,
    /// Other spellings of the same place, on a machine that talks to itself.
    also: Vec<String>,
}

impl PublicUrl {
    /// Where no public URL is set, the listener's own address; the names of this machine all count.
    pub(super) fn of_listener(listen: SocketAddr) -> PublicUrl {
        let ip = listen.ip();
        let host = match ip {
            _ if ip.is_unspecified() => "localhost".to_owned(),
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => format!("[{ip}]"),
        };
        PublicUrl {
            https: false,
            host,
            port: listen.port(),
            also: Vec::new(),
        }
        .with_spellings()
    }

    /// `localhost` and the loopback addresses are one place, and browsers write any of them.
    fn with_spellings(mut self) -> PublicUrl {
        if self.is_loopback() {
            let names = ["localhost", "127.0.0.1", "[::1]"];
            self.also = names
                .into_iter()
                .filter(|name| *name != self.host)
                .map(str::to_owned)
                .collect();
        }
        self
    }

    /// With https, cookies are `__Host-` and `Secure`.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.https
    }

    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What `Origin` may say: this URL, and on loopback its other spellings.
    #[must_use]
    pub fn origins(&self) -> Vec<String> {
        std::iter::once(&self.host)
            .chain(&self.also)
            .map(|host| self.origin(host))
            .collect()
    }

    fn origin(&self, host: &str) -> String {
        match (self.https, self.port) {
            (true, 443) => format!("https://{host}"),
            (false, 80) => format!("http://{host}"),
            (true, port) => format!("https://{host}:{port}"),
            (false, port) => format!("http://{host}:{port}"),
        }
    }

    fn is_loopback(&self) -> bool {
        let ip = self.host.trim_matches(['[', ']']).parse::<IpAddr>();
        self.host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback())
    }

    /// Would a password cross a network in the clear?
    pub(super) fn is_plain_off_machine(&self, listen: SocketAddr) -> bool {
        let stays_here = listen.ip().is_loopback() && self.is_loopback();
        !self.https && !stays_here
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin(&self.host))
    }
}

/// An address or a network of them: `10.0.0.7`, `10.1.0.0/16`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    /// IPv4 written as IPv6 (`::ffff:10.0.0.7`) counts as IPv4.
    #[must_use]
    pub fn contains(&self, ip: IpAddr) -> bool {
        match (self.address, ip.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(ip)) => {
                let mask = u32::MAX
                    .checked_shl(32 - u32::from(self.prefix))
                    .unwrap_or(0);
                own.to_bits() & mask == ip.to_bits() & mask
            }
            (IpAddr::V6(own), IpAddr::V6(ip)) => {
                let mask = u128::MAX
                    .checked_shl(128 - u32::from(self.prefix))
                    .unwrap_or(0);
                own.to_bits() & mask == ip.to_bits() & mask
            }
            _ => false,
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

pub(super) fn listen(text: &str) -> Option<SocketAddr> {
    let text = text
        .strip_prefix("localhost:")
        .map_or(text.to_owned(), |port| format!("127.0.0.1:{port}"));
    text.parse().ok()
}

pub(super) fn public_url(text: &str) -> Option<PublicUrl> {
    let (scheme, rest) = text.split_once("://")?;
    let https = match scheme.to_ascii_lowercase().as_str() {
        "https" => true,
        "http" => false,
        _ => return None,
    };
    let authority = rest.strip_suffix('/').unwrap_or(rest);
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => {
            (host, port.parse().ok().filter(|port| *port > 0)?)
        }
        _ => (authority, if https { 443 } else { 80 }),
    };
    let host = host.to_ascii_lowercase();
    let known = match host.strip_prefix('[') {
        Some(inside) => inside.strip_suffix(']')?.parse::<Ipv6Addr>().is_ok(),
        None => is_host_name(&host),
    };
    known.then(|| {
        PublicUrl {
            https,
            host,
            port,
            also: Vec::new(),
        }
        .with_spellings()
    })
}

fn is_host_name(host: &str) -> bool {
    let looks_like_ip = host
        .split('.')
        .next_back()
        .is_some_and(|last| last.chars().all(|c| c.is_ascii_digit()));
    if looks_like_ip {
        return host.parse::<Ipv4Addr>().is_ok();
    }
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.len() <= 253 && host.split('.').all(is_label)
}

pub(super) fn networks(text: &str) -> Option<Vec<Network>> {
    text.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .map(network)
        .collect()
}

fn network(text: &str) -> Option<Network> {
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix.parse().ok()?)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().ok()?;
    let longest = if address.is_ipv4() { 32 } else { 128 };
    let prefix = prefix.unwrap_or(longest);
    (prefix <= longest).then_some(Network { address, prefix })
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
