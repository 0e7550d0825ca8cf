//! What a page's transaction gives back: everything an HTTP response needs, and nothing tied to
//! the thread that sends it.

use std::cell::RefCell;

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use askama::Template;
use flate2::{Compress, Compression, FlushCompress, Status};

use crate::platform::db::store::queries;

/// Less than this fits into one packet anyway.
const WORTH_PACKING: usize = 1024;

thread_local! {
    /// What packs pages. Each thread keeps its own: a new one clears a quarter of a megabyte before
    /// it takes its first byte, which is as long as it packs a page of ten kilobytes.
    static GZIP: RefCell<Compress> = RefCell::new(Compress::new_gzip(Compression::fast(), 15));
}

/// A response made on a blocking thread.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// Renders a page. How many statements its transaction ran so far goes along, for the test that
    /// holds the ceiling.
    pub fn html(page: &impl Template) -> Self {
        match page.render() {
            Ok(body) => Self {
                status: StatusCode::OK,
                headers: vec![
                    ("Content-Type", "text/html; charset=utf-8".into()),
                    ("Server-Timing", format!("queries;desc=\"{}\"", queries())),
                ],
                body: body.into_bytes(),
            },
            Err(e) => {
                tracing::error!(error = %e, "a template failed");
                Self {
                    status: StatusCode::INTERNAL_SERVER_ERROR,
                    headers: Vec::new(),
                    body: Vec::new(),
                }
            }
        }
    }

    pub fn json(value: &impl serde::Serialize) -> Self {
        Self {
            status: StatusCode::OK,
            headers: vec![("Content-Type", "application/json".into())],
            body: serde_json::to_vec(value).unwrap_or_default(),
        }
    }

    /// 303 to a path of ours.
    pub fn see_other(location: &str) -> Self {
        Self {
            status: StatusCode::SEE_OTHER,
            headers: vec![("Location", location.to_owned())],
            body: Vec::new(),
        }
    }

    /// Packs a page for a browser that takes gzip, here on the blocking thread, so that it leaves in
    /// one piece with its length. The fastest level: it packs a page to a quarter in some 2 µs a
    /// kilobyte, and the next one saves a fifth more for twice the time.
    pub fn packed(mut self) -> Self {
        if self.body.len() >= WORTH_PACKING
            && let Some(packed) = gzip(&self.body)
        {
            self.body = packed;
            self.headers.push(("Content-Encoding", "gzip".into()));
            self.headers.push(("Vary", "Accept-Encoding".into()));
        }
        self
    }

    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }
}

/// A body packed to less than half, which every page is; nothing else is worth it.
fn gzip(body: &[u8]) -> Option<Vec<u8>> {
    GZIP.with_borrow_mut(|gzip| {
        gzip.reset();
        let mut packed = Vec::with_capacity(body.len() / 2);
        let end = gzip.compress_vec(body, &mut packed, FlushCompress::Finish);
        matches!(end, Ok(Status::StreamEnd)).then_some(packed)
    })
}

impl From<Answer> for HttpResponse {
    fn from(answer: Answer) -> Self {
        let mut response = HttpResponse::build(answer.status);
        for (name, value) in answer.headers {
            response.insert_header((name, value));
        }
        response.body(answer.body)
    }
}

/// 303: the answer to every write that worked.
pub fn see_other(location: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, location))
        .finish()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn each_page_is_packed_on_its_own() {
        for word in ["first ", "second "] {
            let body = word.repeat(1000).into_bytes();
            let packed = gzip(&body).unwrap();
            let mut read = Vec::new();
            let mut gz = flate2::read::GzDecoder::new(packed.as_slice());
            gz.read_to_end(&mut read).unwrap();
            assert_eq!(read, body);
        }
    }

    #[test]
    fn what_does_not_pack_goes_as_it_is_and_spoils_nothing() {
        let mut n: u32 = 1;
        let noise: Vec<u8> = (0..5000)
            .map(|_| {
                n = n.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (n >> 24) as u8
            })
            .collect();
        assert!(gzip(&noise).is_none());
        each_page_is_packed_on_its_own();
    }
}
