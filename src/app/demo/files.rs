//! A few files to attach: a picture and some texts, made here.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::people::Upload;
use crate::platform::db::Id;
use crate::platform::files::blobs::Blobs;
use crate::platform::kernel::error::Result;

const LOG: &str = "\
2026-11-18 08:05:02 gw02 sessions open=18120 closing=17344\n\
2026-11-18 08:11:43 gw02 session cache full (20000), evicting 0\n\
2026-11-18 08:11:44 gw02 handshake timeout peer=10.44.6.21\n\
2026-11-18 08:11:44 gw02 handshake timeout peer=10.44.6.37\n";

const LIST: &str =
    "article;shelf;counted;booked\n40117;A-12;24;21\n40118;A-12;6;6\n40231;B-03;0;-3\n";

/// Stores the files and gives them as uploads.
pub fn create(blobs: &Blobs) -> Result<Vec<Upload>> {
    let picture = picture()?;
    let files: [(&str, &str, &[u8]); 4] = [
        ("screenshot.png", "image/png", &picture),
        ("gw02-0805-0830.log", "text/plain", LOG.as_bytes()),
        ("count list.csv", "text/csv", LIST.as_bytes()),
        ("till, cable side.png", "image/png", &picture),
    ];
    files
        .into_iter()
        .map(|(name, media_type, bytes)| {
            let (content, size) = blobs.put(bytes)?;
            Ok(Upload {
                id: Id::new(),
                name: name.to_owned(),
                media_type: media_type.to_owned(),
                size: size as i64,
                content: content.to_string(),
            })
        })
        .collect()
}

/// 320 × 180 points: a window with a title bar and an error in the middle.
fn picture() -> Result<Vec<u8>> {
    let (width, height) = (320u32, 180u32);
    let mut rows = Vec::new();
    for y in 0..height {
        rows.push(0);
        for x in 0..width {
            let is_box = (90..230).contains(&x) && (70..120).contains(&y);
            let is_line = is_box && (105..200).contains(&x) && matches!(y, 85..=88 | 98..=101);
            let colour: [u8; 3] = match (is_line, is_box, y < 16) {
                (true, _, _) => [178, 52, 44],
                (_, true, _) => [250, 236, 232],
                (_, _, true) => [44, 62, 88],
                _ => [226, 231, (236 - y / 8) as u8],
            };
            rows.extend(colour);
        }
    }
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    packed.write_all(&rows)?;
    let mut header = Vec::new();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    // Eight bits of red, green and blue; deflate, no filter of its own, not interlaced.
    header.extend([8, 2, 0, 0, 0]);
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut png, b"IHDR", &header);
    chunk(&mut png, b"IDAT", &packed.finish()?);
    chunk(&mut png, b"IEND", &[]);
    Ok(png)
}

fn chunk(png: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    png.extend((data.len() as u32).to_be_bytes());
    let mut crc = flate2::Crc::new();
    crc.update(name);
    crc.update(data);
    png.extend(name);
    png.extend(data);
    png.extend(crc.sum().to_be_bytes());
}
