//! Files: adding them to a record, and sending them back.
//!
//! A file is found through its record and the record through the person; an internal one exists
//! only for those who work, one of a contact for them and whoever sent it. What opens in the browser is decided again from the bytes when it is
//! sent, and every answer forbids sniffing and runs in a sandbox (`platform/files/media`).

use std::fs::File;
use std::io::Read as _;

use actix_web::body::SizedStream;
use actix_web::web::{self, Bytes, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use futures_util::stream;
use std::collections::HashMap;

use super::show::{Given, again};
use super::target::{SCOPE, Target};
use crate::attachments::{Attachment, find_attachment};
use crate::entries::{self, Audience};
use crate::journal::ERASED;
use crate::people::{Done, Flash, Form, Right, Visit};
use crate::platform::files::blobs::{BlobId, Blobs};
use crate::platform::files::media;
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::records::{actions, store};

/// Read at once from a file that is sent.
const CHUNK: usize = 64 * 1024;

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(&format!("{SCOPE}/attachments"), web::post().to(attach))
        .route("/attachments/{id}", web::get().to(send));
}

async fn attach(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let mut invalid = Invalid::default();
                let audience = match form.value("audience") {
                    "public" => Audience::Public,
                    "note" => Audience::Internal,
                    _ => {
                        invalid.add("audience", "audience-needed");
                        Audience::Internal
                    }
                };
                if form.files.is_empty() {
                    invalid.add("files", "record-file-needed");
                }
                invalid.or(())?;
                for file in &form.files {
                    actions::attach(w, v, ctx, target.number, file, audience)?;
                }
                Ok(Done::at(target.path()).saying(Flash::ok("files-added")))
            },
            move |r, v, form, error| again(r, v, target, Given::Upload(form, error)),
        )
        .await
}

async fn send(
    visit: Visit,
    path: Path<String>,
    query: Query<HashMap<String, String>>,
) -> HttpResponse {
    match open(&visit, &path).await {
        Ok((file, content)) => answer(&file, content, query.contains_key("download")),
        Err(e) => visit.error(&e).await,
    }
}

/// A file about to be sent.
struct Content {
    file: File,
    size: u64,
    media: media::Media,
}

async fn open(visit: &Visit, id: &str) -> Result<(Attachment, Content)> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    let found = visit
        .read(move |r, v| {
            let file = find_attachment(r, id)?;
            store::find_visible_by_id(r, v, file.record_id.cast())?;
            if file.content == ERASED {
                return Err(Error::NotFound);
            }
            let may = match (file.audience, file.entry_id) {
                _ if v.has(Right::Work) => true,
                (Audience::Public, _) => true,
                (Audience::Contact, Some(entry)) => entries::is_contact_from(r, entry, v.id)?,
                (Audience::Contact, None) | (Audience::Internal, _) => false,
            };
            if !may {
                return Err(Error::NotFound);
            }
            Ok(file)
        })
        .await?;
    let blobs = visit.site.blobs.clone();
    let (name, blob) = (found.name.clone(), found.content.clone());
    let content = web::block(move || read_start(&blobs, &name, &blob))
        .await
        .map_err(|_| Error::inward("the blocking thread was cancelled"))??;
    Ok((found, content))
}

/// Opens a file and looks at how it begins.
fn read_start(blobs: &Blobs, name: &str, blob: &str) -> Result<Content> {
    let blob: BlobId = blob
        .parse()
        .map_err(|_| Error::inward(format!("{blob:?} is no blob")))?;
    let mut file = blobs.open_blob(&blob)?;
    let size = file.metadata()?.len();
    let mut start = Vec::with_capacity(media::FIRST_BYTES);
    (&mut file)
        .take(media::FIRST_BYTES as u64)
        .read_to_end(&mut start)?;
    std::io::Seek::rewind(&mut file)?;
    Ok(Content {
        file,
        size,
        media: media::classify(name, &start),
    })
}

fn answer(attachment: &Attachment, content: Content, download: bool) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    for header in media::headers(&attachment.name, content.media, download) {
        response.insert_header(header);
    }
    response.body(SizedStream::new(
        content.size,
        stream::try_unfold(content.file, |mut file| async move {
            let read = web::block(move || {
                let mut chunk = vec![0; CHUNK];
                let n = file.read(&mut chunk)?;
                chunk.truncate(n);
                Ok::<_, std::io::Error>((Bytes::from(chunk), file))
            });
            let (chunk, file) = read.await.map_err(std::io::Error::other)??;
            Ok::<_, std::io::Error>((!chunk.is_empty()).then_some((chunk, file)))
        }),
    ))
}
