//! The peers that the engine is measured beside, one file each.

pub mod apalis_memory;
pub mod apalis_sqlite;
pub mod bare_sqlite;
mod group_commit;
mod row_writer;
pub mod tokio_spawn;
