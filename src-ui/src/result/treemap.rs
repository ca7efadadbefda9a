//! Sizes as areas: a squarified treemap (Bruls, Huizing and van Wijk, 2000).

use serde_json::Value;

use super::{Cell, CellKind, Table};

/// More tiles than this are too small to be seen; the rest is one.
const MOST: usize = 120;

/// An area, in shares of the whole: from 0 to 1 each.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Area {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// How wide.
    pub width: f64,
    /// How high.
    pub height: f64,
}

/// A row of a list as an area.
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    /// What it is.
    pub label: String,
    /// How large, as people read it.
    pub size: String,
    /// All of it, for on hover.
    pub full: String,
    /// Where it stands.
    pub area: Area,
}

/// The tiles of a list, the largest first, for a place that is so many times as wide as high. None if no
/// column of it is a size.
#[must_use]
pub fn tiles(table: &Table, rows: &[Value], ratio: f64) -> Vec<Tile> {
    let Some(column) = table.size_column() else {
        return Vec::new();
    };
    let size = |row: &Value| row.get(&column.name).and_then(Value::as_f64).unwrap_or(0.0);
    let mut sized: Vec<(f64, &Value)> = rows
        .iter()
        .map(|row| (size(row), row))
        .filter(|(size, _)| *size > 0.0)
        .collect();
    sized.sort_by(|a, b| b.0.total_cmp(&a.0));
    let shown = sized.len().min(MOST);
    let rest: f64 = sized[shown..].iter().map(|(size, _)| size).sum();
    let mut sizes: Vec<f64> = sized[..shown].iter().map(|(size, _)| *size).collect();
    if rest > 0.0 {
        sizes.push(rest);
    }
    let areas = areas(&sizes, ratio);
    let mut tiles: Vec<Tile> = sized[..shown]
        .iter()
        .zip(&areas)
        .map(|((_, row), area)| {
            let label = table.label_of(row);
            let size = table.cell(row, column).text;
            Tile {
                full: format!("{label}\n{size}"),
                label,
                size,
                area: *area,
            }
        })
        .collect();
    if rest > 0.0 {
        let size = Cell {
            kind: CellKind::Number,
            ..table.cell(&serde_json::json!({ column.name.clone(): rest }), column)
        };
        let label = format!("{} more", sized.len() - shown);
        tiles.push(Tile {
            full: format!("{label}\n{}", size.text),
            label,
            size: size.text,
            area: areas.last().copied().unwrap_or_default(),
        });
    }
    tiles
}

/// Areas in proportion to `sizes`, which fill a place that is `ratio` times as wide as high and are as
/// near to squares as can be had.
#[must_use]
pub fn areas(sizes: &[f64], ratio: f64) -> Vec<Area> {
    let total: f64 = sizes.iter().sum();
    let mut left = Area {
        x: 0.0,
        y: 0.0,
        width: ratio,
        height: 1.0,
    };
    let mut areas = Vec::with_capacity(sizes.len());
    let mut rest: Vec<f64> = sizes.iter().map(|size| size / total * ratio).collect();
    while !rest.is_empty() {
        let side = left.width.min(left.height);
        // As many in a row as make its worst tile better.
        let mut count = 1;
        while count < rest.len() && worst(&rest[..=count], side) <= worst(&rest[..count], side) {
            count += 1;
        }
        let row: Vec<f64> = rest.drain(..count).collect();
        let thickness = row.iter().sum::<f64>() / side;
        let is_upright = left.width >= left.height;
        let mut along = 0.0;
        for size in row {
            let length = size / thickness;
            areas.push(if is_upright {
                Area {
                    x: left.x / ratio,
                    y: left.y + along,
                    width: thickness / ratio,
                    height: length,
                }
            } else {
                Area {
                    x: (left.x + along) / ratio,
                    y: left.y,
                    width: length / ratio,
                    height: thickness,
                }
            });
            along += length;
        }
        if is_upright {
            left.x += thickness;
            left.width -= thickness;
        } else {
            left.y += thickness;
            left.height -= thickness;
        }
    }
    areas
}

/// How far the tile that is least like a square is from one, if these stand in a row along `side`.
fn worst(row: &[f64], side: f64) -> f64 {
    let sum: f64 = row.iter().sum();
    let thickness = sum / side;
    row.iter()
        .map(|size| {
            let length = size / thickness;
            (length / thickness).max(thickness / length)
        })
        .fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    proptest! {
        #[test]
        fn tiles_fill_the_place_in_proportion_and_none_lies_on_another(
            mut sizes in prop::collection::vec(1..10_000_u32, 1..40), ratio in 0.5..3.0,
        ) {
            sizes.sort_unstable_by(|a, b| b.cmp(a));
            let total: f64 = sizes.iter().map(|size| f64::from(*size)).sum();
            let shares: Vec<f64> = sizes.iter().map(|size| f64::from(*size)).collect();
            let areas = areas(&shares, ratio);
            prop_assert_eq!(areas.len(), shares.len());
            for (area, size) in areas.iter().zip(&shares) {
                let share = area.width * area.height;
                prop_assert!((share - size / total).abs() < 1e-9, "{share} for {size}");
                for edge in [area.x, area.y] {
                    prop_assert!(edge > -1e-9);
                }
                prop_assert!(area.x + area.width < 1.0 + 1e-9);
                prop_assert!(area.y + area.height < 1.0 + 1e-9);
            }
            for (index, a) in areas.iter().enumerate() {
                for b in &areas[index + 1..] {
                    let across = (a.x + a.width).min(b.x + b.width) - a.x.max(b.x);
                    let down = (a.y + a.height).min(b.y + b.height) - a.y.max(b.y);
                    prop_assert!(across < 1e-9 || down < 1e-9, "{a:?} lies on {b:?}");
                }
            }
        }
    }

    #[test]
    fn equal_sizes_are_squares_where_they_can_be() {
        for area in areas(&[1.0; 4], 1.0) {
            assert!((area.width - 0.5).abs() < 1e-9 && (area.height - 0.5).abs() < 1e-9);
        }
    }

    #[test]
    fn the_largest_comes_first_and_what_is_too_small_is_one_tile() {
        let rows: Vec<Value> = (0..200)
            .map(|n| json!({"path": format!("/f{n}"), "bytes": n}))
            .collect();
        let list = crate::form::schema::Resolved::default();
        let table = Table::of(None, "T".into(), &rows, &list, &Value::Null);
        let tiles = tiles(&table, &rows, 1.5);
        assert_eq!(tiles.len(), MOST + 1);
        assert_eq!(
            (tiles[0].label.as_str(), tiles[0].size.as_str()),
            ("/f199", "199 B")
        );
        assert_eq!(tiles[MOST].label, "79 more");
    }
}
