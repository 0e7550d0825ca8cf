//! The body of a form, whole: `application/x-www-form-urlencoded` or `multipart/form-data`.
//!
//! Nothing typed is lost, so no problem throws away what came before it, nor, while the body can
//! still be read, what comes after: a file that is too big leaves every text field in place, and a
//! refusal carries what was read (`Refusal::so_far`) for the form that comes back. Files go
//! straight to the store while they arrive and stay there when the form is refused; a parked form
//! names them by hash.
//!
//! Limits (security baseline, uploads): 25 MB a file, 50 MB a request, 20 files; 2 MB of text and
//! 200 fields, which is a full comment and every field of the longest form several times over.
//! What is beyond is read and thrown away, up to 60 MB in all, because a browser shows an answer
//! only after it has sent its request: closing the connection earlier would show "connection
//! reset" instead of the message. 30 seconds without a byte, or 10 minutes in all, end it.
//!
//! The store stands behind `FileSink`, so that this room knows nothing of attachments. Its calls
//! block, so they run on blocking threads, 256 KB at a time; a small file is one hop.

use std::io;
use std::time::Duration;

use actix_web::error::PayloadError;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, web};
use futures_util::Stream;
use serde::{Deserialize, Serialize};

use crate::platform::kernel::markdown::cut;

mod encoded;
mod parts;
mod tap;

use tap::Tap;

const MB: u64 = 1024 * 1024;

pub const MAX_FILE_BYTES: u64 = 25 * MB;
pub const MAX_REQUEST_BYTES: u64 = 50 * MB;
pub const MAX_FILES: usize = 20;
pub const MAX_TEXT_BYTES: usize = 2 * MB as usize;
pub const MAX_FIELDS: usize = 200;

/// How much of the beginning of each file is kept at hand to tell what it is.
pub const FIRST_BYTES: usize = 512;

/// Longest file name taken over; the attachment rules shorten it further.
const MAX_NAME_BYTES: usize = 4096;

/// Where files go.
pub trait FileSink: Clone + Send + 'static {
    type Writer: FileWriter;

    fn begin(&self) -> io::Result<Self::Writer>;
}

/// A file on its way. Dropped before `finish`, it must leave nothing behind.
pub trait FileWriter: Send + 'static {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Makes it durable and returns its SHA-256.
    fn finish(self) -> io::Result<[u8; 32]>;
}

#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub file_bytes: u64,
    pub request_bytes: u64,
    /// Read at most, the part that is thrown away included.
    pub discard_bytes: u64,
    pub files: usize,
    pub text_bytes: usize,
    pub fields: usize,
    pub idle: Duration,
    pub whole: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: MAX_FILE_BYTES,
            request_bytes: MAX_REQUEST_BYTES,
            discard_bytes: 60 * MB,
            files: MAX_FILES,
            text_bytes: MAX_TEXT_BYTES,
            fields: MAX_FIELDS,
            idle: Duration::from_secs(30),
            whole: Duration::from_secs(600),
        }
    }
}

/// What a form sent, in its order. Line ends and everything else are as the browser sent them.
/// Serialises to JSON and back, for parking; problems with files are not parked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    pub fields: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<UploadedFile>,
    /// Files that were sent but not kept, each with the reason; the form shows them by its field.
    #[serde(skip)]
    pub refused: Vec<RefusedFile>,
}

/// A file in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadedFile {
    pub field: String,
    /// As the browser sent it: never a path, never shown before it is cleaned.
    pub name: String,
    pub size: u64,
    /// 64 lower-case hex digits.
    pub sha256: String,
    #[serde(with = "hex_bytes")]
    pub first_bytes: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedFile {
    pub field: String,
    pub name: String,
    pub why: FileProblem,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileProblem {
    Empty,
    TooLarge { max_bytes: u64 },
    TooMany { max: usize },
}

impl FileProblem {
    /// The key of the message.
    pub fn key(&self) -> &'static str {
        match self {
            FileProblem::Empty => "file-empty",
            FileProblem::TooLarge { .. } => "file-too-large",
            FileProblem::TooMany { .. } => "file-too-many",
        }
    }
}

/// Why a body as a whole was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Neither of the two types of forms.
    UnknownType,
    /// Not what its type says.
    Malformed,
    /// A value or name that is no UTF-8.
    NotUtf8 {
        field: String,
    },
    TextTooLong {
        max_bytes: usize,
    },
    TooManyFields {
        max: usize,
    },
    RequestTooLarge {
        max_bytes: u64,
    },
    /// No byte for too long, or too long in all.
    TooSlow,
    /// The connection ended before the body did. Nobody reads the answer.
    BrokenOff,
    /// A file could not be stored; the reason is in the log.
    Storage,
}

impl Why {
    /// The key of the message.
    pub fn key(&self) -> &'static str {
        match self {
            Why::UnknownType => "form-unknown-type",
            Why::Malformed | Why::BrokenOff => "form-malformed",
            Why::NotUtf8 { .. } => "form-not-utf8",
            Why::TextTooLong { .. } => "form-text-too-long",
            Why::TooManyFields { .. } => "form-too-many-fields",
            Why::RequestTooLarge { .. } => "form-too-large",
            Why::TooSlow => "form-too-slow",
            Why::Storage => "form-storage",
        }
    }

    pub fn status(&self) -> StatusCode {
        match self {
            Why::UnknownType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Why::Malformed | Why::BrokenOff | Why::NotUtf8 { .. } => StatusCode::BAD_REQUEST,
            Why::TextTooLong { .. } | Why::TooManyFields { .. } | Why::RequestTooLarge { .. } => {
                StatusCode::PAYLOAD_TOO_LARGE
            }
            Why::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Why::Storage => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// A body that was refused, with all of it that could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub why: Why,
    pub so_far: Submission,
}

impl Submission {
    /// The first value of a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// All values of a field: check boxes, lists.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.fields
            .iter()
            .filter(move |(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }

    /// The files of a field.
    pub fn files_of<'a>(&'a self, field: &str) -> impl Iterator<Item = &'a UploadedFile> {
        self.files.iter().filter(move |file| file.field == field)
    }

    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }

    pub fn from_json(json: &str) -> serde_json::Result<Self> {
        serde_json::from_str(json)
    }
}

/// Reads the body of a request.
pub async fn receive<S: FileSink>(
    req: &HttpRequest,
    payload: web::Payload,
    sink: &S,
    limits: Limits,
) -> Result<Submission, Box<Refusal>> {
    receive_stream(req.headers(), payload, sink, limits).await
}

/// The same for any stream of bytes.
pub async fn receive_stream<S: FileSink>(
    headers: &HeaderMap,
    body: impl Stream<Item = Result<Bytes, PayloadError>> + Unpin + 'static,
    sink: &S,
    limits: Limits,
) -> Result<Submission, Box<Refusal>> {
    let tap = Tap::new(body, limits.idle, limits.discard_bytes);
    let mut form = Form {
        limits,
        tap: tap.clone(),
        got: Submission::default(),
        text: 0,
        why: None,
    };
    let read = async {
        match kind(headers) {
            Some(Kind::Encoded) => encoded::read(&mut form).await,
            Some(Kind::Parts) => parts::read(&mut form, headers, sink).await,
            None => form.fail(Why::UnknownType),
        }
        tap.drain().await;
    };
    if tokio::time::timeout(limits.whole, read).await.is_err() {
        form.fail(Why::TooSlow);
    }
    if form.tap.read() > limits.request_bytes {
        form.fail(Why::RequestTooLarge {
            max_bytes: limits.request_bytes,
        });
    }
    match form.why {
        None => Ok(form.got),
        Some(why) => Err(Box::new(Refusal {
            why,
            so_far: form.got,
        })),
    }
}

enum Kind {
    Encoded,
    Parts,
}

/// A request without a type is one without a body, or close enough to a form to find out.
fn kind(headers: &HeaderMap) -> Option<Kind> {
    let Some(value) = headers.get(header::CONTENT_TYPE) else {
        return Some(Kind::Encoded);
    };
    let essence = value
        .to_str()
        .ok()?
        .split(';')
        .next()?
        .trim()
        .to_ascii_lowercase();
    match essence.as_str() {
        "application/x-www-form-urlencoded" => Some(Kind::Encoded),
        "multipart/form-data" => Some(Kind::Parts),
        _ => None,
    }
}

/// A form being read.
struct Form {
    limits: Limits,
    tap: Tap,
    got: Submission,
    /// Bytes of names and values so far.
    text: usize,
    why: Option<Why>,
}

impl Form {
    /// The first problem is the one that is told.
    fn fail(&mut self, why: Why) {
        self.why.get_or_insert(why);
    }

    /// Bytes of text that still fit.
    fn room(&self) -> usize {
        self.limits.text_bytes.saturating_sub(self.text)
    }

    /// Takes over a field; what does not fit is cut off and told.
    fn add(&mut self, name: &[u8], value: &[u8]) {
        if self.got.fields.len() >= self.limits.fields {
            self.fail(Why::TooManyFields {
                max: self.limits.fields,
            });
            return;
        }
        let (name, value) = match (std::str::from_utf8(name), std::str::from_utf8(value)) {
            (Ok(name), Ok(value)) => (name.to_owned(), value.to_owned()),
            _ => {
                let name = String::from_utf8_lossy(name).into_owned();
                self.fail(Why::NotUtf8 {
                    field: name.clone(),
                });
                (name, String::from_utf8_lossy(value).into_owned())
            }
        };
        let room = self.room();
        if name.len() + value.len() > room {
            self.fail(Why::TextTooLong {
                max_bytes: self.limits.text_bytes,
            });
            if name.len() > room {
                return;
            }
        }
        let mut value = value;
        value.truncate(cut(&value, room - name.len()).len());
        self.text += name.len() + value.len();
        self.got.fields.push((name, value));
    }
}

/// Bytes as hex text, half the size of a list of numbers.
mod hex_bytes {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::platform::kernel::secrets::hex;

    pub fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&hex(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(from)?;
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        let byte = |pair: &[u8; 2]| {
            let pair = std::str::from_utf8(pair).ok()?;
            u8::from_str_radix(pair, 16).ok()
        };
        let bytes: Option<Vec<u8>> = pairs.iter().map(byte).collect();
        bytes
            .filter(|_| rest.is_empty())
            .ok_or_else(|| D::Error::custom("not hex"))
    }
}

#[cfg(test)]
mod tests;
