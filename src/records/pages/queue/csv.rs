//! A list as CSV: exactly the filtered records, however many.
//!
//! Chunks of some hundred rows, each read by key in a short transaction of its own in which session and
//! rights are checked again. The next chunk is read when the reader has taken the last, so memory is
//! flat and a slow reader holds nothing. A download that may not go on breaks off, so that nobody
//! takes the part for the whole.

use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream;

use super::ask::Ask;
use crate::people::{Right, Visit};
use crate::platform::kernel::error::{Error, Message, Result};
use crate::records::export::{self, Cells, Told};
use crate::records::{Practices, list_for_export};

const CHUNK: usize = 400;

/// Where a download stands.
struct Download {
    visit: Visit,
    query: String,
    practices: Practices,
    from: Option<String>,
}

/// A chunk, the key of the next one, and what the file is called.
struct Chunk {
    bytes: Vec<u8>,
    next: Option<String>,
    name: String,
}

pub async fn download(
    visit: Visit,
    request: HttpRequest,
    practices: web::Data<Practices>,
) -> HttpResponse {
    let mut download = Download {
        query: request.query_string().to_owned(),
        practices: *practices.get_ref(),
        from: None,
        visit,
    };
    // The first chunk is read before anything is sent, so that a refusal is a page.
    let first = match download.chunk().await {
        Ok(chunk) => chunk,
        Err(e) => return download.visit.error(&e).await,
    };
    let mut begin = match export::header() {
        Ok(header) => header,
        Err(e) => return download.visit.error(&e).await,
    };
    begin.extend(first.bytes);
    download.from = first.next;
    let rest = stream::try_unfold(Some((download, Some(begin))), step);
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8; header=present")
        .insert_header((
            "Content-Disposition",
            format!("attachment; filename=\"{}\"", first.name),
        ))
        .insert_header(("Cache-Control", "no-store"))
        .streaming(rest)
}

type State = Option<(Download, Option<Vec<u8>>)>;

/// Sends what is ready, or reads the next chunk.
async fn step(state: State) -> Result<Option<(Bytes, State)>> {
    let Some((mut download, ready)) = state else {
        return Ok(None);
    };
    let bytes = match ready {
        Some(bytes) => bytes,
        None => {
            let chunk = download.chunk().await?;
            download.from = chunk.next;
            chunk.bytes
        }
    };
    let state = download.from.is_some().then_some((download, None));
    Ok(Some((Bytes::from(bytes), state)))
}

impl Download {
    async fn chunk(&mut self) -> Result<Chunk> {
        self.visit.now = self.visit.site.clock.now();
        let (query, from, practices) = (self.query.clone(), self.from.clone(), self.practices);
        self.visit
            .read(move |r, visitor| {
                visitor.needs(Right::Work)?;
                let mut ask = Ask::read(&query, visitor, practices);
                // A page says what it left out; a file cannot, and would be taken for the answer.
                if !ask.unknown.is_empty() {
                    let names = ask.unknown.join(", ");
                    return Err(Error::invalid(
                        "",
                        Message::new("csv-unknown-filter").arg("name", names),
                    ));
                }
                ask.find_parent(r, visitor)?;
                let (rows, next) = match ask.filter(visitor, practices) {
                    Some(filter) => list_for_export(r, visitor, &filter, from.as_deref(), CHUNK)?,
                    None => (Vec::new(), None),
                };
                let told = Told::read(r, practices, &rows)?;
                let day = visitor.zone.local(visitor.now).date();
                Ok(Chunk {
                    bytes: export::rows(&rows, &told, Cells::Neutral, visitor.now)?,
                    next,
                    name: format!("andon-{}-{day}.csv", ask.view),
                })
            })
            .await
    }
}
