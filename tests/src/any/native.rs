//! What the page asks of the system, and what it is told by it.

use proptest::{collection::vec, option, prelude::*};
use toolroom_ipc_lab_types::Native;
use toolroom_shared::{
    CloseAnswer, CloseAsked, GivenPaths, OpenRequest, OpenRequested, PagePlace, PathKind, PathWish,
    PathsDragged, PathsDropped, Thumbnail,
};

use super::{jobs::job_id, json::text};

fn path_wish() -> impl Strategy<Value = PathWish> {
    let kind = prop_oneof![
        Just(PathKind::File),
        Just(PathKind::Folder),
        Just(PathKind::Save)
    ];
    (kind, any::<bool>(), text(), option::of(text())).prop_map(|(kind, several, title, beside)| {
        PathWish {
            kind,
            several,
            title,
            beside,
        }
    })
}

fn given_paths() -> impl Strategy<Value = GivenPaths> {
    (vec(text(), 0..3), any::<u32>()).prop_map(|(paths, left_out)| GivenPaths { paths, left_out })
}

fn thumbnail() -> impl Strategy<Value = Thumbnail> {
    (text(), any::<u32>(), any::<u32>()).prop_map(|(url, width, height)| Thumbnail {
        url,
        width,
        height,
    })
}

fn page_place() -> impl Strategy<Value = PagePlace> {
    (-1e4..1e4_f64, -1e4..1e4_f64).prop_map(|(x, y)| PagePlace { x, y })
}

fn open_request() -> impl Strategy<Value = OpenRequest> {
    prop_oneof![
        (option::of(text()), given_paths())
            .prop_map(|(tool, given)| OpenRequest::Tool { tool, given }),
        job_id().prop_map(|job_id| OpenRequest::Job { job_id }),
    ]
}

fn close_answer() -> impl Strategy<Value = CloseAnswer> {
    prop_oneof![
        Just(CloseAnswer::Asking),
        Just(CloseAnswer::KeepGoing),
        Just(CloseAnswer::Quit),
        Just(CloseAnswer::Stay),
    ]
}

pub fn native() -> impl Strategy<Value = Native> {
    let chosen = (path_wish(), given_paths());
    let dragged = (option::of(page_place()), page_place(), given_paths());
    let asked = (vec(open_request(), 0..3), any::<u32>());
    let closing = (any::<u32>(), close_answer());
    let all = (chosen, dragged, asked, closing, option::of(thumbnail()));
    all.prop_map(
        |(chosen, (over, place, given), asked, closing, thumbnail)| Native {
            path_wish: chosen.0,
            given_paths: chosen.1,
            paths_dragged: PathsDragged { place: over },
            paths_dropped: PathsDropped { place, given },
            open_requests: asked.0,
            open_requested: OpenRequested { waiting: asked.1 },
            close_asked: CloseAsked {
                unfinished: closing.0,
            },
            close_answer: closing.1,
            thumbnail,
        },
    )
}
