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
