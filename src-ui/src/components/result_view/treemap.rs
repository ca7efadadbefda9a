//! A list's sizes as areas.

use leptos::prelude::*;

use super::ResultContext;
use crate::result::{Table, Tile, tiles};

/// How many times as wide as high the map is; the style says the same.
const RATIO: f64 = 2.2;
/// A tile with a smaller share than this has no room for words.
const ROOM_FOR_WORDS: f64 = 0.012;

/// The map. What it shows can also be read as the table.
pub(super) fn view(table: &Table, context: &ResultContext) -> impl IntoView + use<> {
    let tiles = tiles(table, table.rows(&context.output), RATIO);
    let label = format!("{} by size", table.label);
    let tiles = tiles.into_iter().map(tile).collect_view();
    view! {
        <ul class="treemap" aria-label=label data-treemap="">
            {tiles}
        </ul>
    }
}

fn tile(tile: Tile) -> impl IntoView {
    let percent = |share: f64| format!("{}%", share * 100.0);
    let area = tile.area;
    let has_room = area.width * area.height >= ROOM_FOR_WORDS && area.width > 0.08;
    let name = last_part(&tile.label).to_owned();
    view! {
        <li
            class="tile"
            class:bare=!has_room
            title=tile.full
            style:left=percent(area.x)
            style:top=percent(area.y)
            style:width=percent(area.width)
            style:height=percent(area.height)
        >
            <span class="tile-words">
                <span class="tile-name">{name}</span>
                <span class="tile-size">{tile.size}</span>
            </span>
        </li>
    }
}

fn last_part(path: &str) -> &str {
    path.rsplit(['/', '\\'])
        .find(|part| !part.is_empty())
        .unwrap_or(path)
}
