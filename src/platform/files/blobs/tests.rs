#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use super::*;

fn store() -> (tempfile::TempDir, Blobs) {
    let dir = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(dir.path().join("files")).unwrap();
    (dir, blobs)
}

fn files(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    entries
        .map(|p| if p.is_dir() { files(&p) } else { 1 })
        .sum()
}

#[test]
fn a_file_lies_under_its_hash_for_us_alone() {
    let (dir, blobs) = store();
    let (id, size) = blobs.put(&b"abc"[..]).unwrap();
    let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!((id.to_string().as_str(), size), (hash, 3));
    let path = dir.path().join("files/blobs/ba").join(hash);
    assert_eq!(blobs.path(&id), path);
    assert_eq!(fs::read(&path).unwrap(), b"abc");
    let mut text = String::new();
    blobs
        .open_blob(&id)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, "abc");
    assert!(blobs.exists(&id) && !blobs.exists(&BlobId([0; 32])));
    assert_eq!(files(&blobs.root.incoming), 0);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |p: &Path| fs::metadata(p).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    }
}

#[test]
fn the_same_file_is_kept_once_and_a_damaged_one_replaced() {
    let (_dir, blobs) = store();
    let big = vec![7; 300_000];
    let (id, _) = blobs.put(&big[..]).unwrap();
    assert_eq!(blobs.put(&big[..]).unwrap().0, id);
    assert_eq!(
        (files(&blobs.root.blobs), files(&blobs.root.incoming)),
        (1, 0)
    );
    fs::write(blobs.path(&id), b"cut").unwrap();
    assert_eq!(blobs.put(&big[..]).unwrap().0, id);
    assert_eq!(fs::read(blobs.path(&id)).unwrap(), big);
}

#[test]
fn empty_and_abandoned_files_leave_nothing() {
    let (_dir, blobs) = store();
    let err = blobs.put(io::empty()).unwrap_err();
    assert_eq!(
        (err.kind(), err.to_string().as_str()),
        (io::ErrorKind::InvalidInput, "the file is empty")
    );
    let mut half = blobs.create().unwrap();
    half.write(b"half").unwrap();
    assert_eq!(files(&blobs.root.incoming), 1);
    drop(half);
    assert_eq!(
        (files(&blobs.root.blobs), files(&blobs.root.incoming)),
        (0, 0)
    );
}

#[test]
fn only_64_lower_case_hex_digits_name_a_blob() {
    let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let id: BlobId = hash.parse().unwrap();
    assert_eq!(serde_json::to_string(&id).unwrap(), format!("\"{hash}\""));
    assert_eq!(
        serde_json::from_str::<BlobId>(&format!("\"{hash}\"")).unwrap(),
        id
    );
    for bad in [
        "",
        "../../etc/passwd",
        &hash[1..],
        &hash.to_uppercase(),
        &format!("{hash}0"),
        &format!("{}/", &hash[1..]),
        &format!("{}\0", &hash[1..]),
    ] {
        assert_eq!(bad.parse::<BlobId>(), Err(NotABlobId), "{bad}");
        assert!(serde_json::from_value::<BlobId>(bad.to_owned().into()).is_err());
    }
}

#[test]
fn sweeping_takes_only_what_is_old_and_unnamed() {
    let (_dir, blobs) = store();
    let (named, _) = blobs.put(&b"named"[..]).unwrap();
    let (unnamed, _) = blobs.put(&b"unnamed"[..]).unwrap();
    let half = blobs.create().unwrap();
    fs::write(blobs.root.blobs.join("README"), "not ours").unwrap();
    let sweep = |now| blobs.sweep(now, |id| *id == named).unwrap();
    let now = fs::metadata(blobs.path(&named))
        .unwrap()
        .modified()
        .unwrap();
    assert_eq!(sweep(now), 0);
    assert_eq!(sweep(now - SWEEP_AFTER * 3), 0);
    let past = |id: &BlobId, ago: u32| {
        let file = OpenOptions::new()
            .append(true)
            .open(blobs.path(id))
            .unwrap();
        file.set_modified(now - SWEEP_AFTER * ago).unwrap();
    };
    past(&named, 2);
    past(&unnamed, 2);
    blobs.put(&b"unnamed"[..]).unwrap();
    assert_eq!(sweep(now), 0, "attached again, so young again");
    past(&unnamed, 2);
    assert_eq!(sweep(now), 1);
    assert!(blobs.exists(&named) && !blobs.exists(&unnamed));
    assert_eq!(
        sweep(now + SWEEP_AFTER * 2),
        1,
        "the upload that never ended"
    );
    drop(half);
    assert_eq!(files(&blobs.root.blobs), 2);
}

#[actix_web::test]
async fn uploads_arrive_here() {
    use actix_web::http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
    use actix_web::web::Bytes;

    use crate::platform::web::multipart::{Limits, receive_stream};

    let (_dir, blobs) = store();
    let big = "x".repeat(600_000);
    let part = |name: &str, body: &str| {
        format!(
            "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"{name}\"\r\n\r\n{body}\r\n"
        )
    };
    let body = part("../../x", &big)
        + &part("empty", "")
        + &part("too big", &"y".repeat(900_000))
        + "--B--\r\n";
    let mut headers = HeaderMap::new();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("multipart/form-data; boundary=B"),
    );
    let chunks: Vec<_> = body
        .as_bytes()
        .chunks(9_999)
        .map(|c| Ok(Bytes::copy_from_slice(c)))
        .collect();
    let limits = Limits {
        file_bytes: 700_000,
        ..Limits::default()
    };
    let body = futures_util::stream::iter(chunks);
    let form = receive_stream(&headers, body, &blobs, limits)
        .await
        .unwrap();
    assert_eq!((form.files.len(), form.refused.len()), (1, 2));
    let id: BlobId = form.files[0].sha256.parse().unwrap();
    assert_eq!(fs::read_to_string(blobs.path(&id)).unwrap(), big);
    assert_eq!(
        (files(&blobs.root.blobs), files(&blobs.root.incoming)),
        (1, 0)
    );
}

#[test]
fn many_at_once() {
    let (_dir, blobs) = store();
    std::thread::scope(|scope| {
        for n in 0..8_u8 {
            let blobs = &blobs;
            scope.spawn(move || {
                for round in 0..20_u8 {
                    blobs.put(&[round][..]).unwrap();
                    blobs.put(&[n, round][..]).unwrap();
                }
            });
        }
    });
    assert_eq!(
        (files(&blobs.root.blobs), files(&blobs.root.incoming)),
        (20 + 160, 0)
    );
}
