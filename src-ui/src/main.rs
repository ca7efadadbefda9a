//! The page's entry point: everything is in the library, so that tests can run it natively.

fn main() {
    toolroom_ui::run();
}
