//! One picture's way from the bytes of the old file to those of the new one.

use image::DynamicImage;

use super::{
    Input, Profile, color,
    decode::{self, Ask, Decoded, Inks},
    encode::{self, Beside, Settings},
    kind::Target,
    metadata,
    plan::Job,
    report::{Reason, Refusal},
    run::Work,
    size::{self, Wish},
};

/// A new file that isn't written yet.
pub struct Made {
    /// Its content.
    pub bytes: Vec<u8>,
    /// The size that the picture had, upright.
    pub old: (u32, u32),
    /// The size that it has.
    pub new: (u32, u32),
    /// What else there is to know.
    pub notes: Vec<&'static str>,
}

/// The new file's bytes. A cancel is heard between the steps.
pub fn make(work: &Work<'_>, job: &Job, bytes: &[u8]) -> Option<Result<Made, Refusal>> {
    let stop = || work.ctx.is_canceled();
    let ask = Ask {
        wish: Wish {
            width: work.input.width,
            height: work.input.height,
            fit: work.input.fit,
        },
        filter: work.input.filter,
        max_pixels: work.input.max_pixels,
        bytes_a_pixel: match job.target {
            // It keeps many views of a picture, to find the best one.
            Target::Avif => 40,
            Target::Png | Target::Jpeg | Target::Webp => 8,
        },
        room: &work.room,
    };
    let (decoded, _taken) = match decode::decode(job.kind, bytes, &ask) {
        Ok(decoded) => decoded,
        Err(refusal) => return Some(Err(refusal)),
    };
    if stop() {
        return None;
    }
    let Decoded {
        mut picture,
        old,
        orientation,
        icc,
        exif,
        inks,
        is_one_of_many,
    } = decoded;
    let mut notes = Vec::new();
    if is_one_of_many {
        notes.push("Only the first of several pictures in the file was converted.");
    }
    let new = ask.stored_size(old, orientation);
    if let Err(refusal) = fits(new, job.target) {
        return Some(Err(refusal));
    }
    if new != (picture.width(), picture.height()) {
        let has_alpha = inks.is_none() && picture.color().has_alpha();
        match size::resize(&picture, new, ask.wish.fit, ask.filter, has_alpha) {
            Ok(resized) => picture = resized,
            Err(why) => return Some(Err(Refusal::new(Reason::NotMade, why))),
        }
    }
    if stop() {
        return None;
    }
    let icc = color(work.input, &mut picture, icc, inks, job.target, &mut notes);
    picture.apply_orientation(orientation);
    if job.target == Target::Jpeg && encode::is_transparent(&picture) {
        notes.push("JPEG knows no transparency: what could be seen through is white now.");
    }
    let exif = exif.filter(|_| work.input.keep_metadata);
    let exif = exif.map(metadata::upright);
    if stop() {
        return None;
    }
    let settings = Settings {
        quality: work.input.quality,
        lossless: work.input.lossless,
        avif_speed: work.input.avif_speed,
        spread_avif: work.is_lone,
    };
    let beside = Beside {
        icc: icc.as_deref(),
        exif: exif.as_deref(),
    };
    let encoded = encode::encode(&picture, job.target, settings, beside);
    if stop() {
        return None;
    }
    let upright = |(width, height)| match decode::lies_on_its_side(orientation) {
        true => (height, width),
        false => (width, height),
    };
    Some(match encoded {
        Ok(bytes) => Ok(Made {
            bytes,
            old: upright(old),
            new: (picture.width(), picture.height()),
            notes,
        }),
        Err(why) => Err(Refusal::new(
            Reason::NotMade,
            format!("It could not be made a {}: {why}.", job.target.name()),
        )),
    })
}

/// Does what is asked with the colours, and gives the profile that still holds.
fn color(
    input: &Input,
    picture: &mut DynamicImage,
    icc: Option<Vec<u8>>,
    inks: Option<Inks>,
    target: Target,
    notes: &mut Vec<&'static str>,
) -> Option<Vec<u8>> {
    if let Some(inks) = inks {
        *picture = color::cmyk_to_srgb(picture, icc.as_deref(), inks == Inks::Inverted);
        return None;
    }
    let icc = icc?;
    if input.profile == Profile::Keep && target != Target::Avif {
        return Some(icc);
    }
    match color::to_srgb(std::mem::take(picture), &icc) {
        Ok(converted) => *picture = converted,
        Err(as_it_was) => {
            *picture = as_it_was;
            notes.push("Its colour profile can't be used and was left out.");
        }
    }
    None
}

/// Whether a picture of that size can be of that kind.
fn fits(new: (u32, u32), target: Target) -> Result<(), Refusal> {
    let longest = target.longest();
    if new.0.max(new.1) > longest {
        return Err(Refusal::new(
            Reason::TooLarge,
            format!(
                "It would be {} × {} pixels, and no side of a {} is longer than {longest}.",
                new.0,
                new.1,
                target.name()
            ),
        ));
    }
    Ok(())
}
