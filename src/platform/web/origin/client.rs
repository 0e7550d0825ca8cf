//! Who is really asking, when proxies stand between.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use actix_web::HttpRequest;
use actix_web::http::header::HeaderName;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// One address or a CIDR range, as in the setting `trusted_proxies`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Net {
    base: IpAddr,
    bits: u8,
}

impl Net {
    pub fn contains(&self, ip: IpAddr) -> bool {
        let (base, width) = plain(self.base);
        let (ip, other) = plain(ip);
        let shift = u32::from(width.saturating_sub(self.bits));
        width == other && base.checked_shr(shift).unwrap_or(0) == ip.checked_shr(shift).unwrap_or(0)
    }
}

/// The number behind an address; `::ffff:192.0.2.1` is 192.0.2.1.
fn plain(ip: IpAddr) -> (u128, u8) {
    match ip.to_canonical() {
        IpAddr::V4(v4) => (u128::from(u32::from(v4)), 32),
        IpAddr::V6(v6) => (u128::from(v6), 128),
    }
}

impl FromStr for Net {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "\"{}\" is not an IP address or a range like 10.0.0.0/8",
                text.escape_debug()
            )
        };
        let (base, bits) = match text.trim().split_once('/') {
            Some((base, bits)) => (base, Some(bits)),
            None => (text.trim(), None),
        };
        let base = base.parse::<IpAddr>().map_err(|_| wrong())?.to_canonical();
        let width = plain(base).1;
        let bits = match bits {
            Some(bits) => bits
                .parse::<u8>()
                .ok()
                .filter(|b| *b <= width)
                .ok_or_else(wrong)?,
            None => width,
        };
        Ok(Self { base, bits })
    }
}

impl fmt::Display for Net {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.base, self.bits)
    }
}

/// Who is really asking. `X-Forwarded-For` counts only when the connection comes from a trusted
/// proxy; each trusted proxy vouches for the entry before it, read from the right, so what the
/// client wrote there itself is never reached.
pub fn client_ip(peer: IpAddr, forwarded_for: Option<&str>, trusted_proxies: &[Net]) -> IpAddr {
    let trusted = |ip: IpAddr| trusted_proxies.iter().any(|net| net.contains(ip));
    let mut client = peer.to_canonical();
    for entry in forwarded_for.unwrap_or("").rsplit(',') {
        if !trusted(client) {
            break;
        }
        let entry = entry.trim();
        let ip = entry
            .parse()
            .ok()
            .or_else(|| entry.parse().ok().map(|a: SocketAddr| a.ip()));
        match ip {
            Some(ip) => client = ip.to_canonical(),
            None => break,
        }
    }
    client
}

/// The client of a request. Unix sockets have no peer; they count as loopback.
pub fn client_ip_of(req: &HttpRequest, trusted_proxies: &[Net]) -> IpAddr {
    let peer = req
        .peer_addr()
        .map_or(IpAddr::from([127, 0, 0, 1]), |a| a.ip());
    let lines: Vec<&str> = req
        .headers()
        .get_all(X_FORWARDED_FOR)
        .map(|v| v.to_str().unwrap_or("?"))
        .collect();
    client_ip(peer, Some(&lines.join(",")), trusted_proxies)
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]

    use super::*;

    fn nets(list: &[&str]) -> Vec<Net> {
        list.iter().map(|n| n.parse().unwrap()).collect()
    }

    #[test]
    fn ranges() {
        for (net, inside, outside) in [
            ("10.0.0.0/8", "10.255.1.2", "11.0.0.1"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
            ("192.0.2.7/32", "::ffff:192.0.2.7", "::ffff:192.0.2.6"),
            ("::ffff:192.0.2.7", "192.0.2.7", "::192.0.2.7"),
            ("2001:db8::/32", "2001:db8:1::2", "2001:db9::1"),
            ("0.0.0.0/0", "203.0.113.9", "::1"),
            ("::/0", "2001:db8::1", "203.0.113.9"),
            ("172.16.0.0/12", "172.31.255.255", "172.32.0.0"),
        ] {
            let net: Net = net.parse().unwrap();
            assert!(net.contains(inside.parse().unwrap()), "{net} {inside}");
            assert!(!net.contains(outside.parse().unwrap()), "{net} {outside}");
            assert_eq!(net.to_string().parse::<Net>().unwrap(), net);
        }
        for bad in [
            "",
            "x",
            "10.0.0.0/33",
            "::/129",
            "10.0.0.0/",
            "10.0.0.0/-1",
            "10.0.0",
            "10.0.0.0/8/8",
        ] {
            assert!(bad.parse::<Net>().is_err(), "{bad}");
        }
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let proxies = nets(&["127.0.0.1", "10.0.0.0/8"]);
        for (peer, forwarded, client) in [
            ("203.0.113.9", Some("192.0.2.1"), "203.0.113.9"),
            ("127.0.0.1", None, "127.0.0.1"),
            ("127.0.0.1", Some(""), "127.0.0.1"),
            ("127.0.0.1", Some("192.0.2.1"), "192.0.2.1"),
            ("::ffff:127.0.0.1", Some("192.0.2.1"), "192.0.2.1"),
            // What the client wrote itself stands on the left and is never reached.
            ("127.0.0.1", Some("1.1.1.1, 192.0.2.1"), "192.0.2.1"),
            (
                "127.0.0.1",
                Some("1.1.1.1, 192.0.2.1, 10.1.2.3"),
                "192.0.2.1",
            ),
            ("127.0.0.1", Some("10.9.9.9, 10.1.2.3"), "10.9.9.9"),
            ("127.0.0.1", Some("192.0.2.1:4711"), "192.0.2.1"),
            ("127.0.0.1", Some("[2001:db8::1]:4711"), "2001:db8::1"),
            ("127.0.0.1", Some("2001:db8::1"), "2001:db8::1"),
            // Not an address: the last hop that vouched for itself stands.
            ("127.0.0.1", Some("192.0.2.1, unknown"), "127.0.0.1"),
            (
                "127.0.0.1",
                Some("192.0.2.1, unknown, 10.1.2.3"),
                "10.1.2.3",
            ),
        ] {
            let peer = peer.parse().unwrap();
            let got = client_ip(peer, forwarded, &proxies);
            assert_eq!(got, client.parse::<IpAddr>().unwrap(), "{forwarded:?}");
        }
        let peer = "127.0.0.1".parse().unwrap();
        assert_eq!(client_ip(peer, Some("192.0.2.1"), &[]), peer);
    }

    #[test]
    fn several_header_lines_are_one_list() {
        let req = actix_web::test::TestRequest::default()
            .peer_addr("127.0.0.1:999".parse().unwrap())
            .append_header(("x-forwarded-for", "1.1.1.1"))
            .append_header(("x-forwarded-for", "192.0.2.1"))
            .to_http_request();
        let ip = client_ip_of(&req, &nets(&["127.0.0.1"]));
        assert_eq!(ip, "192.0.2.1".parse::<IpAddr>().unwrap());
    }
}
