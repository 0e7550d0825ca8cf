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
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]

    use proptest::prelude::*;

    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF";
    const WEBP: &[u8] = b"RIFF\x24\0\0\0WEBPVP8 ";
    const AVIF: &[u8] = b"\0\0\0\x20ftypavif\0\0\0\0";

    #[test]
    fn six_kinds_are_shown() {
        for (name, bytes, content_type) in [
            ("a.png", PNG, "image/png"),
            ("A.PNG", PNG, "image/png"),
            ("a.jpg", JPEG, "image/jpeg"),
            ("a.b.jpeg", JPEG, "image/jpeg"),
            ("a.gif", b"GIF89a\x01\0", "image/gif"),
            ("a.webp", WEBP, "image/webp"),
            ("a.avif", AVIF, "image/avif"),
            ("a.txt", b"hello\r\n\tworld", "text/plain; charset=utf-8"),
            (
                "a.log",
                "\u{feff}\u{1b}[31mgr\u{fc}n".as_bytes(),
                "text/plain; charset=utf-8",
            ),
        ] {
            assert_eq!(
                classify(name, bytes),
                Media {
                    content_type,
                    inline: true
                },
                "{name}"
            );
        }
        assert!(classify("a.png", PNG).is_image() && !classify("a.txt", b"x").is_image());
        let cut = format!("{}ü", "x".repeat(FIRST_BYTES - 1));
        assert!(classify("a.txt", &cut.as_bytes()[..FIRST_BYTES]).inline);
        assert!(
            !classify("a.txt", b"x\xc3").inline,
            "a short file that ends within a character"
        );
    }

    #[test]
    fn all_else_is_downloaded() {
        const SVG: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
        const HTML: &[u8] = b"<!doctype html><script>alert(1)</script>";
        let office = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
        for (name, bytes, content_type) in [
            ("a.svg", SVG, BYTES.content_type),
            ("a.png", SVG, BYTES.content_type),
            ("a.txt", SVG, BYTES.content_type),
            ("a.html", HTML, BYTES.content_type),
            ("a.txt", HTML, BYTES.content_type),
            ("a.txt", b" \n\xef\xbb\xbf<x", BYTES.content_type),
            ("a.txt", b"\xef\xbb\xbf <x", BYTES.content_type),
            ("a.txt", b"%PDF-1.7", BYTES.content_type),
            ("a.xml", b"<?xml version='1.0'?>", BYTES.content_type),
            ("a.xhtml", HTML, BYTES.content_type),
            ("a.md", b"# hi", BYTES.content_type),
            ("a.js", b"alert(1)", BYTES.content_type),
            ("a.css", b"x{}", BYTES.content_type),
            ("a.html", PNG, BYTES.content_type),
            ("a.jpg", PNG, BYTES.content_type),
            ("a.txt", PNG, BYTES.content_type),
            ("png", PNG, BYTES.content_type),
            ("a", PNG, BYTES.content_type),
            ("a.png.exe", PNG, BYTES.content_type),
            ("a.png", b"MZ\x90\0", BYTES.content_type),
            ("a.png", b"", BYTES.content_type),
            ("a.txt", b"", BYTES.content_type),
            ("a.txt", b"a\0b", BYTES.content_type),
            ("a.txt", b"\xff\xfeh\0i\0", BYTES.content_type),
            ("a.\u{202e}gnp", PNG, BYTES.content_type),
            ("a.pdf", b"%PDF-1.7", "application/pdf"),
            ("a.pdf", HTML, BYTES.content_type),
            ("a.docx", b"PK\x03\x04\x14\0", office),
            ("a.csv", b"a,b\r\n1,2", "text/csv; charset=utf-8"),
            ("a.csv", HTML, BYTES.content_type),
            ("a.heic", b"\0\0\0\x18ftypheic", BYTES.content_type),
            ("a.mp4", b"\0\0\0\x18ftypmp42", BYTES.content_type),
        ] {
            assert_eq!(
                classify(name, bytes),
                Media {
                    content_type,
                    inline: false
                },
                "{name}"
            );
        }
    }

    #[test]
    fn names() {
        for (name, clean) in [
            ("report.pdf", "report.pdf"),
            ("Bericht März.pdf", "Bericht März.pdf"),
            ("Ma\u{308}rz.pdf", "M\u{e4}rz.pdf"),
            ("../../x", "x"),
            ("..\\..\\x", "x"),
            ("/etc/passwd", "passwd"),
            ("C:\\fakepath\\a.txt", "a.txt"),
            ("..", "file"),
            (".", "file"),
            ("", "file"),
            ("/", "file"),
            ("a/", "file"),
            ("   ", "file"),
            ("\0", "file"),
            ("a\0b.txt", "ab.txt"),
            ("a\r\nSet-Cookie: x=y.txt", "aSet-Cookie_ x=y.txt"),
            ("x.exe. . .", "x.exe"),
            (" x.txt ", "x.txt"),
            ("CON", "_CON"),
            ("con.txt", "_con.txt"),
            ("NUL.tar.gz", "_NUL.tar.gz"),
            ("LPT1", "_LPT1"),
            ("com¹.txt", "_com¹.txt"),
            ("CON .txt", "_CON .txt"),
            ("COM10", "COM10"),
            ("CONTROL.txt", "CONTROL.txt"),
            ("photo\u{202e}gpj.exe", "photogpj.exe"),
            ("\u{200f}\u{2066}x\u{2069}", "x"),
            ("صورة.png", "صورة.png"),
            ("🎉.png", "🎉.png"),
            ("a<b>:\"|?*.txt", "a_b______.txt"),
            (".htaccess", ".htaccess"),
        ] {
            assert_eq!(clean_name(name), clean, "{name:?}");
        }
        let long = clean_name(&format!("{}.pdf", "ü".repeat(2048)));
        assert!(
            long.len() <= MAX_NAME_BYTES && long.ends_with("ü.pdf"),
            "{long}"
        );
        let long = clean_name(&format!("a.{}", "b".repeat(4096)));
        assert!(long.len() <= MAX_NAME_BYTES);
    }

    #[test]
    fn what_is_sent_along() {
        let sent = headers("Bericht \"März\" 100%.pdf", BYTES, false);
        assert_eq!(sent[0], ("content-type", "application/octet-stream".into()));
        assert_eq!(
            sent[1].1,
            "attachment; filename=\"Bericht _M_rz_ 100_.pdf\"; \
             filename*=UTF-8''Bericht%20_M%C3%A4rz_%20100%25.pdf"
        );
        assert_eq!(sent[2], ("x-content-type-options", "nosniff".into()));
        assert_eq!(
            sent[3],
            (
                "content-security-policy",
                "sandbox; default-src 'none'".into()
            )
        );
        assert_eq!(sent[4], ("cache-control", "private, no-store".into()));
        let image = classify("a.png", PNG);
        assert!(
            headers("a.png", image, false)[1]
                .1
                .starts_with("inline; filename=\"a.png\"")
        );
        assert!(
            headers("a.png", image, true)[1]
                .1
                .starts_with("attachment; ")
        );
    }

    proptest! {
        #[test]
        fn a_name_is_one_clean_path_part(name in r#"(\PC|[./\\ :"\x00-\x1f\u{202e}\u{2066}]|CON|com1|\.\.){0,80}"#) {
            let clean = clean_name(&name);
            prop_assert!(!clean.is_empty() && clean.len() <= MAX_NAME_BYTES);
            prop_assert!(!clean.contains(['/', '\\']) && clean != "." && clean != "..");
            prop_assert!(!clean.chars().any(|c| c.is_control() || is_invisible(c)));
            prop_assert!(!clean.ends_with(['.', ' ']));
            prop_assert_eq!(clean_name(&clean), clean.clone());
            for (_, value) in headers(&name, BYTES, true) {
                prop_assert!(value.bytes().all(|b| (b' '..=b'~').contains(&b)), "{}", value);
                prop_assert!(value.matches('"').count() % 2 == 0);
            }
        }

        #[test]
        fn any_bytes_are_something(name in any::<String>(), bytes in any::<Vec<u8>>()) {
            let media = classify(&name, &bytes);
            prop_assert!(!media.inline || sniff(&bytes) == Some(media.content_type));
        }
    }
}
