//! A small HTTP/1.1 client: one kept-alive connection, as a browser would hold it, and no more work
//! than needed, since it shares the machine with the server it measures.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

pub struct Client {
    address: SocketAddr,
    stream: TcpStream,
    received: Vec<u8>,
    request: String,
}

/// An answer, still as it came.
pub struct Reply<'c> {
    pub status: u16,
    pub head: &'c str,
    body: &'c [u8],
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        Self {
            address,
            stream: connect(address),
            received: Vec::with_capacity(256 * 1024),
            request: String::with_capacity(1024),
        }
    }

    pub fn get(&mut self, path: &str, cookie: &str) -> Reply<'_> {
        self.request.clear();
        let address = self.address;
        self.request.push_str(&format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\nAccept: text/html\r\n\
             Accept-Encoding: gzip\r\nAccept-Language: en\r\nUser-Agent: bench\r\n\r\n"
        ));
        self.exchange()
    }

    /// Posts a form as the page's own script-less browser would.
    pub fn post(&mut self, path: &str, cookie: &str, form: &str) -> Reply<'_> {
        self.request.clear();
        let (address, length) = (self.address, form.len());
        self.request.push_str(&format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\nAccept: text/html\r\n\
             Accept-Encoding: gzip\r\nUser-Agent: bench\r\nSec-Fetch-Site: same-origin\r\n\
             Origin: http://{address}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {length}\r\n\r\n{form}"
        ));
        self.exchange()
    }

    fn exchange(&mut self) -> Reply<'_> {
        self.stream
            .write_all(self.request.as_bytes())
            .expect("the server takes the request");
        self.received.clear();
        let mut chunk = [0u8; 64 * 1024];
        let mut ends = None;
        let mut from = 0;
        loop {
            let n = self.stream.read(&mut chunk).expect("the server answers");
            assert!(n > 0, "the server closed the connection");
            self.received.extend_from_slice(&chunk[..n]);
            if ends.is_none() {
                ends = Ends::find(&self.received);
                from = ends.as_ref().map_or(0, |e| e.body);
            }
            if let Some(ends) = &ends
                && ends.reached(&self.received, &mut from)
            {
                break;
            }
        }
        let body = ends.map_or(0, |e| e.body);
        let (head, body) = self.received.split_at(body);
        let head = std::str::from_utf8(head).expect("a head in ASCII");
        Reply {
            status: head
                .get(9..12)
                .and_then(|s| s.parse().ok())
                .expect("a status"),
            head,
            body,
        }
    }
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("the server listens");
    stream.set_nodelay(true).expect("TCP_NODELAY");
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .expect("a time-out");
    stream
}

/// Where a body begins, and how its end is known.
struct Ends {
    body: usize,
    length: Option<usize>,
}

impl Ends {
    fn find(received: &[u8]) -> Option<Self> {
        let body = received.windows(4).position(|w| w == b"\r\n\r\n")? + 4;
        let head = std::str::from_utf8(&received[..body]).expect("a head in ASCII");
        let length = field(head, "content-length").and_then(|v| v.parse().ok());
        let chunked = field(head, "transfer-encoding").is_some();
        let length = if chunked {
            None
        } else {
            Some(length.unwrap_or(0))
        };
        Some(Self { body, length })
    }

    /// `from` remembers the chunk reached, so that a long body is looked through once.
    fn reached(&self, received: &[u8], from: &mut usize) -> bool {
        if let Some(length) = self.length {
            return received.len() >= self.body + length;
        }
        loop {
            let rest = received.get(*from..).unwrap_or_default();
            let Some(line) = rest.windows(2).position(|w| w == b"\r\n") else {
                return false;
            };
            let size = std::str::from_utf8(&rest[..line]).expect("a chunk's size");
            let size =
                usize::from_str_radix(size.split(';').next().unwrap_or(size), 16).expect("hex");
            let next = line + 2 + size + 2;
            if rest.len() < next {
                return false;
            }
            if size == 0 {
                return true;
            }
            *from += next;
        }
    }
}

/// A header of a head, by its lower-case name.
pub fn field<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.lines().find_map(|line| {
        let (n, value) = line.split_once(':')?;
        n.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

impl Reply<'_> {
    /// Bytes that came over the wire.
    pub fn len(&self) -> usize {
        self.head.len() + self.body.len()
    }

    /// The body as the page it is.
    pub fn text(&self) -> String {
        let mut bytes = Vec::new();
        if field(self.head, "transfer-encoding").is_some() {
            let mut rest = self.body;
            while let Some(line) = rest.windows(2).position(|w| w == b"\r\n") {
                let size = std::str::from_utf8(&rest[..line]).expect("a chunk's size");
                let size = usize::from_str_radix(size, 16).expect("hex");
                bytes.extend_from_slice(&rest[line + 2..line + 2 + size]);
                rest = &rest[line + 4 + size..];
            }
        } else {
            bytes.extend_from_slice(self.body);
        }
        if field(self.head, "content-encoding") == Some("gzip") {
            let mut text = String::new();
            flate2::read::GzDecoder::new(bytes.as_slice())
                .read_to_string(&mut text)
                .expect("gzip");
            return text;
        }
        String::from_utf8(bytes).expect("UTF-8")
    }
}

/// A value inside a form's body.
pub fn encode(text: &str) -> String {
    andon::people::percent_encode(text)
}

/// Reads an answer's body at `rate` bytes a second until `stop` says so or it ends; gives back how
/// much came.
pub fn read_slowly(
    address: SocketAddr,
    path: &str,
    cookie: &str,
    rate: usize,
    stop: impl Fn() -> bool,
) -> usize {
    let mut stream = connect(address);
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\nUser-Agent: bench\r\n\r\n"
    )
    .expect("the server takes the request");
    let mut chunk = vec![0u8; rate / 10];
    let mut sum = 0;
    while !stop() {
        let n = stream.read(&mut chunk).expect("the server goes on");
        if n == 0 {
            break;
        }
        sum += n;
        std::thread::sleep(Duration::from_millis(100));
    }
    sum
}
