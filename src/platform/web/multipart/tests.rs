#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use actix_web::App;
use actix_web::HttpResponse;
use actix_web::test::{TestRequest, call_service, init_service};
use futures_util::{StreamExt, stream};
use proptest::prelude::*;

use super::*;
use crate::platform::kernel::secrets::sha256;

/// A store in memory. Counts writers that were neither finished nor dropped.
#[derive(Clone, Default)]
struct Memory {
    files: Arc<Mutex<BTreeMap<[u8; 32], Vec<u8>>>>,
    open: Arc<Mutex<i32>>,
    broken: bool,
}

struct Writing {
    to: Memory,
    bytes: Vec<u8>,
}

impl FileSink for Memory {
    type Writer = Writing;

    fn begin(&self) -> io::Result<Writing> {
        if self.broken {
            return Err(io::Error::other("disk full"));
        }
        *self.open.lock().unwrap() += 1;
        Ok(Writing {
            to: self.clone(),
            bytes: Vec::new(),
        })
    }
}

impl FileWriter for Writing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn finish(mut self) -> io::Result<[u8; 32]> {
        let bytes = std::mem::take(&mut self.bytes);
        let sha = sha256(&bytes);
        self.to.files.lock().unwrap().insert(sha, bytes);
        Ok(sha)
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        *self.to.open.lock().unwrap() -= 1;
    }
}

const PARTS: &str = "multipart/form-data; boundary=XX";
const ENCODED: &str = "application/x-www-form-urlencoded";

fn text(name: &str, value: impl AsRef<[u8]>) -> Vec<u8> {
    part(&format!("name=\"{name}\""), value.as_ref())
}

fn file(field: &str, name: &str, value: impl AsRef<[u8]>) -> Vec<u8> {
    let head = format!("name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: image/svg+xml");
    part(&head, value.as_ref())
}

fn part(head: &str, value: &[u8]) -> Vec<u8> {
    let head = format!("--XX\r\nContent-Disposition: form-data; {head}\r\n\r\n");
    [head.as_bytes(), value, b"\r\n"].concat()
}

fn whole(parts: &[Vec<u8>]) -> Vec<u8> {
    [parts.concat(), b"--XX--\r\n".to_vec()].concat()
}

fn small() -> Limits {
    Limits {
        file_bytes: 1_000,
        request_bytes: 8_000,
        discard_bytes: 20_000,
        files: 2,
        text_bytes: 100,
        fields: 4,
        ..Limits::default()
    }
}

async fn send_chunked(
    content_type: &str,
    body: &[u8],
    chunk: usize,
    sink: &Memory,
    limits: Limits,
) -> Result<Submission, Box<Refusal>> {
    let mut headers = HeaderMap::new();
    headers.insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_str(content_type).unwrap(),
    );
    let chunks: Vec<_> = body
        .chunks(chunk)
        .map(|c| Ok(Bytes::copy_from_slice(c)))
        .collect();
    let answer = receive_stream(&headers, stream::iter(chunks), sink, limits).await;
    assert_eq!(*sink.open.lock().unwrap(), 0, "a writer was left open");
    answer
}

async fn send(content_type: &str, body: &[u8]) -> Result<Submission, Box<Refusal>> {
    send_chunked(content_type, body, 1000, &Memory::default(), small()).await
}

fn fields(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter()
        .map(|(n, v)| (n.to_string(), v.to_string()))
        .collect()
}

#[actix_web::test]
async fn both_kinds_of_form_read_the_same() {
    let encoded = send(ENCODED, b"title=%C3%A4+b&tag=1&tag=2&empty=&&bare")
        .await
        .unwrap_err();
    assert_eq!(encoded.why, Why::TooManyFields { max: 4 });
    assert_eq!(encoded.so_far.get("empty"), Some(""));
    let encoded = send(ENCODED, b"title=%C3%A4+b&tag=1&tag=2&bare")
        .await
        .unwrap();
    let body = whole(&[
        text("title", "ä b"),
        text("tag", "1"),
        text("tag", "2"),
        text("bare", ""),
    ]);
    for chunk in [1, 2, 3, 7, 50, 10_000] {
        let parts = send_chunked(PARTS, &body, chunk, &Memory::default(), small())
            .await
            .unwrap();
        assert_eq!(parts, encoded, "{chunk}");
    }
    assert_eq!(
        encoded.fields,
        fields(&[("title", "ä b"), ("tag", "1"), ("tag", "2"), ("bare", "")])
    );
    assert_eq!(encoded.get("title"), Some("ä b"));
    assert_eq!(encoded.all("tag").collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!((encoded.get("bare"), encoded.get("none")), (Some(""), None));
    assert_eq!(
        send("Application/X-WWW-Form-URLEncoded; charset=UTF-8", b"")
            .await
            .unwrap()
            .fields,
        []
    );
    for unknown in [
        "text/plain",
        "application/json",
        "multipart/mixed; boundary=XX",
        "",
        "ä",
    ] {
        assert_eq!(
            send(unknown, b"a=b").await.unwrap_err().why,
            Why::UnknownType,
            "{unknown}"
        );
    }
}

#[actix_web::test]
async fn text_is_kept_to_the_letter() {
    let odd = "a\r\nb\nc\r--X\n--XX\0\u{202e}\u{feff}😀 = & + %41";
    let got = send(PARTS, &whole(&[text("t", odd)])).await.unwrap();
    assert_eq!(got.get("t"), Some(odd));
}

#[actix_web::test]
async fn files_go_to_the_store() {
    let sink = Memory::default();
    let big = vec![b'x'; 700_000];
    let body = whole(&[
        text("note", "hi"),
        file("f", "ä b.svg", b"<svg/>"),
        file("f", "big.bin", &big),
        file("none", "", b""),
        text("last", "yes"),
    ]);
    let got = send_chunked(PARTS, &body, 4096, &sink, Limits::default())
        .await
        .unwrap();
    assert_eq!(got.fields, fields(&[("note", "hi"), ("last", "yes")]));
    assert_eq!(got.refused, []);
    let [svg, bin] = &got.files[..] else {
        panic!("{:?}", got.files)
    };
    assert_eq!(
        (svg.name.as_str(), svg.size, svg.first_bytes.as_slice()),
        ("ä b.svg", 6, &b"<svg/>"[..])
    );
    assert_eq!((bin.size, bin.first_bytes.len()), (700_000, FIRST_BYTES));
    assert_eq!(
        bin.sha256,
        crate::platform::kernel::secrets::hex(&sha256(&big))
    );
    assert_eq!(sink.files.lock().unwrap().get(&sha256(&big)), Some(&big));
    assert_eq!(got.files_of("f").count(), 2);

    let json = got.to_json().unwrap();
    assert!(json.contains("\"first_bytes\":\"3c7376672f3e\""));
    assert_eq!(Submission::from_json(&json).unwrap(), got);
    assert_eq!(
        Submission::from_json("{\"fields\":[[\"a\",\"b\"]]}")
            .unwrap()
            .get("a"),
        Some("b")
    );
    for bad in [
        "",
        "[]",
        "{}",
        &json.replace("3c73", "3cx3"),
        &json.replace("3c73", "3c7"),
    ] {
        assert!(Submission::from_json(bad).is_err(), "{bad}");
    }
}

#[actix_web::test]
async fn a_bad_file_never_costs_the_text_or_the_other_files() {
    let sink = Memory::default();
    let body = whole(&[
        text("a", "1"),
        file("f", "big", vec![0; 1001]),
        file("f", "empty", b""),
        file("f", "full", vec![1; 1000]),
        file("f", "two", b"2"),
        file("f", "three", b"3"),
        text("z", "26"),
    ]);
    let got = send_chunked(PARTS, &body, 100, &sink, small())
        .await
        .unwrap();
    assert_eq!(got.fields, fields(&[("a", "1"), ("z", "26")]));
    assert_eq!(
        got.files
            .iter()
            .map(|f| f.name.as_str())
            .collect::<Vec<_>>(),
        ["full", "two"]
    );
    let refused: Vec<_> = got
        .refused
        .iter()
        .map(|r| (r.name.as_str(), r.why.key()))
        .collect();
    assert_eq!(
        refused,
        [("big", "file-too-large"), ("empty", "file-empty")],
        "at most as many as files"
    );
    assert_eq!(sink.files.lock().unwrap().len(), 2);
    let body = whole(&[
        file("f", "1", b"1"),
        file("f", "2", b"2"),
        file("f", "3", b"3"),
    ]);
    let got = send(PARTS, &body).await.unwrap();
    assert_eq!(got.refused[0].why, FileProblem::TooMany { max: 2 });
}

#[actix_web::test]
async fn limits_keep_what_they_can() {
    let max = Why::TextTooLong { max_bytes: 100 };
    let body = whole(&[
        text("a", "1"),
        text("long", "ü".repeat(500)),
        text("z", "26"),
    ]);
    let no = send(PARTS, &body).await.unwrap_err();
    assert_eq!(no.why, max);
    assert_eq!(no.so_far.get("a"), Some("1"));
    assert_eq!(no.so_far.get("long"), Some("ü".repeat(47).as_str()));
    let no = send(
        ENCODED,
        format!("a=1&long={}", "%C3%BC".repeat(5000)).as_bytes(),
    )
    .await
    .unwrap_err();
    assert_eq!((no.why, no.so_far.get("a")), (max.clone(), Some("1")));
    let no = send(
        PARTS,
        &whole(&[text(&"n".repeat(200), "v"), text("a", "1")]),
    )
    .await
    .unwrap_err();
    assert_eq!((no.why, no.so_far.get("a")), (max, Some("1")));
    assert!(
        send(PARTS, &whole(&[text("a", "x".repeat(99))]))
            .await
            .is_ok()
    );

    let many: Vec<_> = (0..50).map(|n| text(&n.to_string(), "")).collect();
    let no = send(PARTS, &whole(&many)).await.unwrap_err();
    assert_eq!(
        (no.why, no.so_far.fields.len()),
        (Why::TooManyFields { max: 4 }, 4)
    );

    for (kind, body) in [
        (ENCODED, b"a=1&b=%ff&c=3".to_vec()),
        (
            PARTS,
            whole(&[text("a", "1"), text("b", b"\xff"), text("c", "3")]),
        ),
    ] {
        let no = send(kind, &body).await.unwrap_err();
        assert_eq!(no.why, Why::NotUtf8 { field: "b".into() });
        assert_eq!(
            no.so_far.fields,
            fields(&[("a", "1"), ("b", "\u{fffd}"), ("c", "3")])
        );
    }
}

#[actix_web::test]
async fn a_request_that_is_too_large_is_read_to_its_end_and_told() {
    let sink = Memory::default();
    let limits = Limits {
        file_bytes: 60_000,
        request_bytes: 200_000,
        discard_bytes: 500_000,
        files: 20,
        ..small()
    };
    let max = Why::RequestTooLarge { max_bytes: 200_000 };
    let files: Vec<_> = (0..12)
        .map(|n| file("f", &n.to_string(), vec![n; 30_000]))
        .collect();
    let body = whole(&[vec![text("a", "1")], files, vec![text("z", "26")]].concat());
    let no = send_chunked(PARTS, &body, 500, &sink, limits)
        .await
        .unwrap_err();
    assert_eq!((&no.why, no.why.status().as_u16()), (&max, 413));
    assert_eq!(no.so_far.fields, fields(&[("a", "1"), ("z", "26")]));
    // The parser reads up to 64 KB ahead, so some that would have fitted are given up too.
    assert!(
        (3..=6).contains(&no.so_far.files.len()),
        "{}",
        no.so_far.files.len()
    );
    assert_eq!(sink.files.lock().unwrap().len(), no.so_far.files.len());

    let body = whole(&[
        text("a", "1"),
        file("f", "huge", vec![0; 900_000]),
        text("z", "26"),
    ]);
    let no = send_chunked(PARTS, &body, 500, &sink, limits)
        .await
        .unwrap_err();
    assert_eq!(no.why, max);
    assert_eq!(
        no.so_far.fields,
        fields(&[("a", "1")]),
        "what comes after 60 MB is never read"
    );
}

#[actix_web::test]
async fn broken_bodies() {
    let good = whole(&[text("a", "1"), file("f", "x", b"data"), text("z", "26")]);
    for cut in 0..good.len() - 9 {
        let no = send_chunked(PARTS, &good[..cut], 10, &Memory::default(), small()).await;
        let no = no.expect_err("cut short");
        assert_eq!(no.why, Why::Malformed, "{cut}");
    }
    for (content_type, body) in [
        ("multipart/form-data", &good[..]),
        ("multipart/form-data; boundary=", &good),
        ("multipart/form-data; boundary=YY", &good),
        (PARTS, b""),
        (PARTS, b"no parts at all"),
        (
            PARTS,
            b"--XX\r\nContent-Type: text/plain\r\n\r\nx\r\n--XX--\r\n",
        ),
        (
            PARTS,
            b"--XX\r\nContent-Disposition: form-data\r\n\r\nx\r\n--XX--\r\n",
        ),
        (
            PARTS,
            b"--XX\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--XX--\r\n",
        ),
        (
            PARTS,
            &part(
                "name=\"a\"\r\nContent-Type: multipart/mixed; boundary=Z",
                b"x",
            ),
        ),
        (PARTS, &part("name=\"a\"\r\nContent-Length: -1", b"x")),
        (PARTS, &part("name=\"a\"\r\nContent-Length: 99999", b"x")),
        (
            PARTS,
            &part(&format!("name=\"{}\"", "n".repeat(70_000)), b"x")[..19_000],
        ),
    ] {
        let no = send(content_type, body).await.expect_err(content_type);
        assert!(
            matches!(no.why, Why::Malformed | Why::RequestTooLarge { .. }),
            "{:?}",
            no.why
        );
    }
    let odd_name = part("name=\"f\"; filename=\"..\\\\..\\\"x;y\\\".svg\"", b"x");
    assert_eq!(
        send(PARTS, &whole(&[odd_name])).await.unwrap().files[0].name,
        "..\\..\"x;y\".svg"
    );
}

#[actix_web::test]
async fn a_store_that_fails_and_a_client_that_stops() {
    let sink = Memory {
        broken: true,
        ..Memory::default()
    };
    let body = whole(&[
        text("a", "1"),
        file("f", "x", vec![0; 300_000]),
        text("z", "26"),
    ]);
    let no = send_chunked(PARTS, &body, 1000, &sink, Limits::default())
        .await
        .unwrap_err();
    assert_eq!((&no.why, no.why.status().as_u16()), (&Why::Storage, 500));
    assert_eq!(no.so_far.fields, fields(&[("a", "1"), ("z", "26")]));

    let mut headers = HeaderMap::new();
    let sink = Memory::default();
    for content_type in [PARTS, ENCODED] {
        headers.insert(
            header::CONTENT_TYPE,
            header::HeaderValue::from_static(content_type),
        );
        let start = if content_type == PARTS {
            text("a", "1")
        } else {
            b"a=1".to_vec()
        };
        let begin = || stream::iter([Ok(Bytes::from(start.clone()))]);
        let quick = Limits {
            idle: Duration::from_millis(30),
            ..small()
        };
        let no = receive_stream(&headers, begin().chain(stream::pending()), &sink, quick).await;
        assert_eq!(no.unwrap_err().why, Why::TooSlow);

        let slow = Limits {
            whole: Duration::from_millis(30),
            ..small()
        };
        let no = receive_stream(&headers, begin().chain(stream::pending()), &sink, slow).await;
        assert_eq!(no.unwrap_err().why, Why::TooSlow);

        let gone = stream::iter([Err(PayloadError::Incomplete(None))]);
        let no = receive_stream(&headers, begin().chain(gone), &sink, small())
            .await
            .unwrap_err();
        assert_eq!(no.why, Why::BrokenOff);
    }
    assert_eq!(*sink.open.lock().unwrap(), 0);
}

#[actix_web::test]
async fn through_a_handler() {
    async fn handler(req: HttpRequest, payload: web::Payload) -> HttpResponse {
        match receive(&req, payload, &Memory::default(), small()).await {
            Ok(form) => HttpResponse::Ok().body(form.to_json().unwrap()),
            Err(no) => HttpResponse::build(no.why.status()).body(no.why.key()),
        }
    }
    let app = init_service(App::new().route("/", web::post().to(handler))).await;
    let post = |body: Vec<u8>| {
        TestRequest::post()
            .insert_header(("content-type", PARTS))
            .set_payload(body)
            .to_request()
    };
    let res = call_service(&app, post(whole(&[text("a", "1")]))).await;
    assert_eq!(
        actix_web::test::read_body(res).await,
        "{\"fields\":[[\"a\",\"1\"]]}"
    );
    let res = call_service(&app, post(vec![b'x'; 100_000])).await;
    assert_eq!(res.status(), 413);
}

/// Random bytes, and good bodies with random damage, cut into random chunks.
fn hostile(body: &[u8], content_type: &str, chunk: usize) {
    let sink = Memory::default();
    let run = send_chunked(content_type, body, chunk, &sink, small());
    let answer = actix_web::rt::System::new().block_on(async {
        tokio::time::timeout(Duration::from_secs(20), run)
            .await
            .expect("it hangs")
    });
    let got = answer.unwrap_or_else(|no| no.so_far);
    let size: usize = got.fields.iter().map(|(n, v)| n.len() + v.len()).sum();
    assert!(size <= 100 && got.fields.len() <= 4 && got.files.len() <= 2 && got.refused.len() <= 2);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn random_bytes_never_panic(body in any::<Vec<u8>>(), chunk in 1_usize..50) {
        hostile(&body, PARTS, chunk);
        hostile(&body, ENCODED, chunk);
    }

    #[test]
    fn damaged_bodies_never_panic(
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..8),
        chunk in 1_usize..100,
    ) {
        let mut body = whole(&[text("a", "1\r\n--X"), file("f", "x", b"\r\n--X\r\r\n-data"), text("z", "26")]);
        for (at, byte, how) in damage {
            let at = at.index(body.len());
            match how {
                0 => body[at] = byte,
                1 => { body.remove(at); }
                _ => body.insert(at, *b"\r\n-X;=\""[..].get(usize::from(byte) % 7).unwrap()),
            }
        }
        hostile(&body, PARTS, chunk);
    }

    #[test]
    fn random_boundaries_never_panic(boundary in "\\PC{0,80}", body in any::<Vec<u8>>()) {
        if header::HeaderValue::from_str(&format!("multipart/form-data; boundary={boundary}")).is_ok() {
            hostile(&body, &format!("multipart/form-data; boundary={boundary}"), 13);
        }
    }
}
