//! The same pixels as ImageMagick's, as nearly as filters and codecs allow.

use image::ImageDecoder;

use super::*;

fn decoder(bytes: &[u8]) -> impl ImageDecoder + '_ {
    let reader = image::ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    reader.unwrap().into_decoder().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resized_picture_is_as_imagemagick_makes_it() {
    if !has("mogrify") {
        return;
    }
    for (fit, theirs) in [
        ("contain", "150x150"),
        ("exact", "150x150!"),
        ("shrink", "150x150>"),
    ] {
        let folder = TestFolder::new();
        let picture = photo(640, 401);
        folder.write("in/a.png", png(&picture, None));
        folder.write("in/b.jpg", jpeg(&picture, None, false));
        folder.write("in/c.jpg", jpeg(&picture, None, true));
        folder.write("in/d.webp", webp(&picture));
        folder.write("in/small.png", png(&photo(90, 40), None));
        let input = json!({ "paths": ["in"], "into": "out", "format": "png", "width": 150, "height": 150, "fit": fit });
        run(&folder, input).await.result.unwrap();
        std::fs::create_dir(folder.join("peer")).unwrap();
        let files = [
            "in/a.png",
            "in/b.jpg",
            "in/c.jpg",
            "in/d.webp",
            "in/small.png",
        ];
        let mut arguments = vec![
            "-path", "peer", "-filter", "Lanczos", "-resize", theirs, "-format", "png",
        ];
        arguments.extend(files);
        said_by(&folder, "mogrify", &arguments);
        for name in ["a", "b", "c", "d", "small"] {
            let ours = open(&folder.join(format!("out/{name}.png")));
            let theirs = open(&folder.join(format!("peer/{name}.png")));
            let psnr = psnr(&ours, &theirs);
            assert!(psnr > 38.0, "{fit} {name}: {psnr}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_format_that_is_written_is_read_by_others_as_the_same_picture() {
    if !has("mogrify") {
        return;
    }
    for (format, ending) in [
        ("jpeg", "jpg"),
        ("webp", "webp"),
        ("avif", "avif"),
        ("png", "png"),
    ] {
        let folder = TestFolder::new();
        let picture = photo(200, 120);
        folder.write("a.png", png(&picture, None));
        let input = json!({ "paths": ["a.png"], "into": "out", "format": format, "quality": 90, "avif_speed": 10, "keep_metadata": true });
        let end = run(&folder, input).await;
        assert_eq!(end.output()["converted"], 1, "{:?}", end.output());
        std::fs::create_dir(folder.join("peer")).unwrap();
        let made = format!("out/a.{ending}");
        said_by(
            &folder,
            "mogrify",
            &["-path", "peer", "-format", "png", &made],
        );
        let psnr = psnr(&open(&folder.join("peer/a.png")), &picture.into());
        assert!(psnr > 34.0, "{format}: {psnr}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_upright_however_the_camera_was_held() {
    let has_peer = has("mogrify") && has("identify");
    for orientation in 1..=8 {
        let folder = TestFolder::new();
        folder.write(
            "a.jpg",
            jpeg(&photo(160, 96), Some(&exif(orientation)), false),
        );
        let input = json!({ "paths": ["a.jpg"], "into": "out", "keep_metadata": true, "quality": 95, "width": 48 });
        let end = run(&folder, input).await;
        let row = &end.output()["pictures"][0];
        let size = (row["width"].as_u64(), row["height"].as_u64());
        let is_turned = orientation > 4;
        assert_eq!(size, (Some(48), Some(if is_turned { 80 } else { 29 })));
        let written = std::fs::read(folder.join("out/a.jpg")).unwrap();
        let kept = libjpeg_turbo_rs::Decoder::new(&written).unwrap();
        assert_eq!(kept.exif_data(), Some(&exif(1)[..]));
        if !has_peer {
            continue;
        }
        std::fs::create_dir(folder.join("peer")).unwrap();
        let turned = [
            "-path",
            "peer",
            "-auto-orient",
            "-resize",
            "48x",
            "-format",
            "png",
            "a.jpg",
        ];
        said_by(&folder, "mogrify", &turned);
        let psnr = psnr(
            &open(&folder.join("out/a.jpg")),
            &open(&folder.join("peer/a.png")),
        );
        assert!(psnr > 30.0, "{orientation}: {psnr}");
        let format = ["-format", "%[EXIF:Orientation]", "out/a.jpg"];
        assert_eq!(said_by(&folder, "identify", &format), "1");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn colours_are_brought_to_srgb_or_the_profile_is_kept() {
    let folder = TestFolder::new();
    let p3 = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let picture = photo(120, 80);
    folder.write("a.png", png(&picture, Some(p3.clone())));
    // Display P3 to sRGB by the primaries in SMPTE EG 432-1 and IEC 61966-2-1.
    for (is, becomes) in [
        ([100, 50, 200], [108, 47, 208]),
        ([200, 100, 50], [215, 93, 31]),
        ([128, 128, 128], [128, 128, 128]),
        ([50, 180, 60], [0, 183, 30]),
    ] {
        let plain = RgbImage::from_pixel(9, 9, image::Rgb(is));
        folder.write("plain.png", png(&plain, Some(p3.clone())));
        let input = json!({ "paths": ["plain.png"], "into": "out", "overwrite": "replace" });
        run(&folder, input).await.result.unwrap();
        let ours = open(&folder.join("out/plain.png")).to_rgb8();
        assert_eq!(ours.get_pixel(4, 4).0, becomes);
    }
    if has("vips") {
        // There and back again.
        folder.write("srgb.png", png(&picture, None));
        let to_p3 = [
            "icc_transform",
            "srgb.png",
            "p3.png",
            "p3",
            "--input-profile",
            "srgb",
        ];
        said_by(&folder, "vips", &to_p3);
        run(&folder, json!({ "paths": ["p3.png"], "into": "out" }))
            .await
            .result
            .unwrap();
        let psnr = psnr(&open(&folder.join("out/p3.png")), &picture.clone().into());
        assert!(psnr > 40.0, "{psnr}");
    }
    for (format, ending) in [("png", "png"), ("jpeg", "jpg"), ("webp", "webp")] {
        let input = json!({ "paths": ["a.png"], "into": "kept", "profile": "keep", "format": format, "quality": 95 });
        run(&folder, input).await.result.unwrap();
        let path = folder.join(format!("kept/a.{ending}"));
        let bytes = std::fs::read(&path).unwrap();
        let kept = match format {
            "jpeg" => libjpeg_turbo_rs::Decoder::new(&bytes)
                .unwrap()
                .icc_profile()
                .unwrap(),
            _ => decoder(&bytes).icc_profile().unwrap(),
        };
        assert_eq!(kept, Some(p3.clone()), "{format}");
        assert!(
            psnr(&open(&path), &picture.clone().into()) > 34.0,
            "{format}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn exif_data_is_kept_or_dropped_as_chosen() {
    let folder = TestFolder::new();
    folder.write("a.jpg", jpeg(&photo(64, 48), Some(&exif(1)), false));
    for (format, ending) in [
        ("jpeg", "jpg"),
        ("png", "png"),
        ("webp", "webp"),
        ("avif", "avif"),
    ] {
        for keep in [true, false] {
            let input = json!({ "paths": ["a.jpg"], "into": "out", "format": format, "keep_metadata": keep, "overwrite": "replace", "avif_speed": 10 });
            run(&folder, input).await.result.unwrap();
            let written = std::fs::read(folder.join(format!("out/a.{ending}"))).unwrap();
            let has_exif = written.windows(exif(1).len()).any(|part| part == exif(1));
            assert_eq!(has_exif, keep, "{format}");
            if format == "jpeg" && has("identify") {
                let format = ["-format", "%[EXIF:Make]", "out/a.jpg"];
                assert_eq!(said_by(&folder, "identify", &format).contains("Cam"), keep);
            }
            if matches!(format, "png" | "webp") {
                let told = decoder(&written).exif_metadata().unwrap();
                assert_eq!(told, keep.then(|| exif(1)), "{format}");
            }
        }
    }
}
