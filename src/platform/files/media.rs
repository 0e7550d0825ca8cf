//! What an attached file is, what it may be called, and how it is sent back.
//!
//! A file is shown in the browser only when its *bytes* and the end of its *name* agree on one of
//! six kinds: png, jpeg, gif, webp, avif, plain text. SVG, HTML, XML and PDF can run scripts, so
//! they and everything else are downloads (OWASP's file upload cheat sheet; the published holes of
//! other desks are mostly uploads that a browser took for a page). What the uploader's browser
//! said the type was is never asked. Every answer forbids sniffing and runs in a sandbox without
//! rights, whatever it holds.
//!
//! The name is decoration: it never becomes a path (see `blobs`). It is cleaned all the same, for
//! the machine of whoever saves the file.

use unicode_normalization::UnicodeNormalization;

use crate::platform::kernel::markdown::cut;

pub use crate::platform::web::multipart::{MAX_FILE_BYTES, MAX_FILES, MAX_REQUEST_BYTES};

/// How much of a file `classify` wants to see.
pub use crate::platform::web::multipart::FIRST_BYTES;

/// Longest name kept (bytes): file systems stop at 255, and a copy needs room for " (2)".
pub const MAX_NAME_BYTES: usize = 200;

/// What a file is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Media {
    /// The type it is sent with.
    pub content_type: &'static str,
    /// May stand in a page or open in the browser.
    pub inline: bool,
}

impl Media {
    pub fn is_image(&self) -> bool {
        self.inline && self.content_type.starts_with("image/")
    }
}

/// Unknown, or name and bytes disagree.
const BYTES: Media = Media {
    content_type: "application/octet-stream",
    inline: false,
};

/// Ends of names, and the type they promise.
const INLINE: &[(&[&str], &str)] = &[
    (&["png"], "image/png"),
    (&["jpg", "jpeg", "jpe", "jfif"], "image/jpeg"),
    (&["gif"], "image/gif"),
    (&["webp"], "image/webp"),
    (&["avif"], "image/avif"),
    (&["txt", "text", "log"], "text/plain; charset=utf-8"),
];

/// Downloads that keep their real type, by how the file begins. None of these can hold a page.
const DOWNLOADS: &[(&str, &[u8], &str)] = &[
    ("pdf", b"%PDF-", "application/pdf"),
    ("zip", b"PK\x03\x04", "application/zip"),
    (
        "docx",
        b"PK\x03\x04",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    (
        "xlsx",
        b"PK\x03\x04",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    (
        "pptx",
        b"PK\x03\x04",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    (
        "odt",
        b"PK\x03\x04",
        "application/vnd.oasis.opendocument.text",
    ),
    (
        "ods",
        b"PK\x03\x04",
        "application/vnd.oasis.opendocument.spreadsheet",
    ),
    ("gz", b"\x1f\x8b", "application/gzip"),
    ("7z", b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
];

/// Looks at the name and the first bytes of a file.
pub fn classify(name: &str, first_bytes: &[u8]) -> Media {
    let name = clean_name(name);
    let ending = name
        .rsplit_once('.')
        .map_or(String::new(), |(_, e)| e.to_ascii_lowercase());
    if let Some(seen) = sniff(first_bytes) {
        let promised = INLINE
            .iter()
            .find(|(ends, _)| ends.contains(&ending.as_str()));
        return match promised {
            Some((_, promised)) if *promised == seen => Media {
                content_type: seen,
                inline: true,
            },
            None if ending == "csv" && seen.starts_with("text/plain") => Media {
                content_type: "text/csv; charset=utf-8",
                inline: false,
            },
            _ => BYTES,
        };
    }
    DOWNLOADS
        .iter()
        .find(|(end, magic, _)| *end == ending && first_bytes.starts_with(magic))
        .map_or(BYTES, |(_, _, content_type)| Media {
            content_type,
            inline: false,
        })
}

/// The kind the bytes themselves show, out of the six.
fn sniff(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Some("image/webp"),
        [
            _,
            _,
            _,
            _,
            b'f',
            b't',
            b'y',
            b'p',
            b'a',
            b'v',
            b'i',
            b'f' | b's',
            ..,
        ] => Some("image/avif"),
        _ => is_text(bytes).then_some("text/plain; charset=utf-8"),
    }
}

/// UTF-8 without control characters, and nothing that a browser could take for a page.
fn is_text(bytes: &[u8]) -> bool {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        // The beginning of a file may end within a character, but only when there is more.
        Err(e) if e.error_len().is_none() && bytes.len() >= FIRST_BYTES => {
            let valid = bytes.get(..e.valid_up_to()).unwrap_or_default();
            std::str::from_utf8(valid).unwrap_or_default()
        }
        Err(_) => return false,
    };
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{1b}');
    !text.is_empty()
        && !start.starts_with('<')
        && !start.starts_with("%PDF")
        && !text.chars().any(control)
}

/// Names that Windows keeps for devices, with any ending.
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

/// The name as it is stored, shown and sent: one path part of at most 200 bytes, without control
/// characters, reversed writing or anything a file system refuses. Never empty.
pub fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last
        .nfc()
        .filter(|c| !c.is_control() && !is_invisible(*c))
        .map(|c| {
            if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') {
                '_'
            } else {
                c
            }
        })
        .collect();
    let trim = |text: &str| {
        text.trim()
            .trim_end_matches(['.', ' '])
            .trim_start()
            .to_owned()
    };
    let mut kept = shorten(&trim(&kept));
    kept = trim(&kept);
    let stem = kept
        .split('.')
        .next()
        .unwrap_or_default()
        .trim_end()
        .to_ascii_uppercase();
    let numbered = |port: &str| {
        stem.strip_prefix(port).is_some_and(|n| {
            let mut digits = n.chars();
            matches!(digits.next(), Some('0'..='9' | '¹' | '²' | '³')) && digits.next().is_none()
        })
    };
    if kept.is_empty() {
        "file".into()
    } else if DEVICES.contains(&stem.as_str()) || numbered("COM") || numbered("LPT") {
        format!("_{kept}")
    } else {
        kept
    }
}

/// Characters that turn the direction of writing ("exe.gpj" shown as "jpg.exe") or show nothing.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Cuts the middle out: the end of the name says what opens it. A byte is left for the "_" before
/// a device's name.
fn shorten(name: &str) -> String {
    const MOST: usize = MAX_NAME_BYTES - 1;
    if name.len() <= MOST {
        return name.to_owned();
    }
    let ending = match name.rfind('.').and_then(|dot| name.get(dot..)) {
        Some(ending) if ending.len() <= 20 => ending,
        _ => "",
    };
    format!("{}{ending}", cut(name, MOST - ending.len()))
}

/// The headers a file is sent with. `download` asks for a download even of what may be shown.
pub fn headers(name: &str, media: Media, download: bool) -> [(&'static str, String); 5] {
    let disposition = if media.inline && !download {
        "inline"
    } else {
        "attachment"
    };
    [
        ("content-type", media.content_type.into()),
        (
            "content-disposition",
            content_disposition(disposition, name),
        ),
        ("x-content-type-options", "nosniff".into()),
        (
            "content-security-policy",
            "sandbox; default-src 'none'".into(),
        ),
        ("cache-control", "private, no-store".into()),
    ]
}

/// RFC 6266 with the name twice: plain ASCII for old programs, UTF-8 (RFC 5987) for the rest.
fn content_disposition(kind: &str, name: &str) -> String {
    let name = clean_name(name);
    let plain: String = name
        .chars()
        .map(|c| {
            if matches!(c, ' '..='~') && !matches!(c, '"' | '\\' | '%') {
                c
            } else {
                '_'
            }
        })
        .collect();
    let mut value = format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''");
    for byte in name.bytes() {
        // attr-char of RFC 5987, section 3.2.1
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            value.push(char::from(byte));
        } else {
            value.push_str(&format!("%{byte:02X}"));
        }
    }
    value
}

#[cfg(test)]
mod tests;
