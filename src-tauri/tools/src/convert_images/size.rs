//! How large a picture becomes, and making it so.

use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::DynamicImage;

use super::{Filter, Fit};

/// How large pictures are to be.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// The width that was asked for.
    pub width: Option<u32>,
    /// The height that was asked for.
    pub height: Option<u32>,
    /// How both are met.
    pub fit: Fit,
}

impl Wish {
    /// How large a picture of that size becomes.
    pub fn size(&self, (width, height): (u32, u32)) -> (u32, u32) {
        let by = |wished: u32, is: u32| f64::from(wished) / f64::from(is);
        let scale = match (self.width, self.height) {
            (None, None) => return (width, height),
            (Some(width), Some(height)) if matches!(self.fit, Fit::Cover | Fit::Exact) => {
                return (width, height);
            }
            (Some(wished), None) => by(wished, width),
            (None, Some(wished)) => by(wished, height),
            (Some(wide), Some(high)) => by(wide, width).min(by(high, height)),
        };
        if self.fit == Fit::Shrink && scale >= 1.0 {
            return (width, height);
        }
        // A cast of a float stays within the integer's bounds.
        let scaled = |is: u32| ((f64::from(is) * scale).round() as u32).max(1);
        (scaled(width), scaled(height))
    }

    /// The same for a picture that lies on its side.
    pub fn turned(self) -> Self {
        Self {
            width: self.height,
            height: self.width,
            ..self
        }
    }
}

/// The picture in another size. `has_alpha` says whether a last channel is how opaque it is.
pub fn resize(
    picture: &DynamicImage,
    (width, height): (u32, u32),
    fit: Fit,
    filter: Filter,
    has_alpha: bool,
) -> Result<DynamicImage, String> {
    let mut resized = DynamicImage::new(width, height, picture.color());
    let algorithm = match filter {
        Filter::Nearest => ResizeAlg::Nearest,
        Filter::Box => ResizeAlg::Convolution(FilterType::Box),
        Filter::Bilinear => ResizeAlg::Convolution(FilterType::Bilinear),
        Filter::CatmullRom => ResizeAlg::Convolution(FilterType::CatmullRom),
        Filter::Mitchell => ResizeAlg::Convolution(FilterType::Mitchell),
        Filter::Lanczos3 => ResizeAlg::Convolution(FilterType::Lanczos3),
    };
    let mut options = ResizeOptions::new()
        .resize_alg(algorithm)
        .use_alpha(has_alpha);
    if fit == Fit::Cover {
        options = options.fit_into_destination(Some((0.5, 0.5)));
    }
    Resizer::new()
        .resize(picture, &mut resized, &options)
        .map_err(|error| error.to_string())?;
    Ok(resized)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn some_fit() -> impl Strategy<Value = Fit> {
        proptest::sample::select(vec![Fit::Shrink, Fit::Contain, Fit::Cover, Fit::Exact])
    }

    proptest! {
        #[test]
        fn a_size_is_as_its_fit_says(
            old in (1u32..5000, 1u32..5000),
            width in proptest::option::of(1u32..5000),
            height in proptest::option::of(1u32..5000),
            fit in some_fit(),
        ) {
            let wish = Wish { width, height, fit };
            let new = wish.size(old);
            prop_assert!(new.0 > 0 && new.1 > 0);
            let turned = wish.turned().size((old.1, old.0));
            prop_assert_eq!(turned, (new.1, new.0));
            match (width, height) {
                (None, None) => prop_assert_eq!(new, old),
                (Some(width), Some(height)) if matches!(fit, Fit::Cover | Fit::Exact) => {
                    prop_assert_eq!(new, (width, height));
                }
                _ => {
                    prop_assert!(width.is_none_or(|width| new.0 <= width));
                    prop_assert!(height.is_none_or(|height| new.1 <= height));
                    if fit == Fit::Shrink {
                        prop_assert!(new.0 <= old.0 && new.1 <= old.1);
                    } else {
                        prop_assert!(Some(new.0) == width || Some(new.1) == height);
                    }
                    // The proportions differ by less than a pixel either way.
                    let exact = f64::from(old.1) * f64::from(new.0) / f64::from(old.0);
                    let slack = 1.0 + 0.5 * f64::from(old.1) / f64::from(old.0);
                    let way = (exact - f64::from(new.1)).abs();
                    prop_assert!(way <= slack, "{way} of {slack}: {old:?} to {new:?}");
                }
            }
        }
    }

    #[test]
    fn cover_cuts_off_both_sides_alike() {
        let picture = image::GrayImage::from_fn(30, 10, |x, _| image::Luma([(x / 10) as u8 * 100]));
        let square = resize(
            &picture.into(),
            (10, 10),
            Fit::Cover,
            Filter::Nearest,
            false,
        )
        .unwrap();
        assert!(square.to_luma8().pixels().all(|pixel| pixel.0 == [100]));
    }
}
