//! Only the job table writes a status.
//!
//! Found by its look: an assignment to a field of that name in the backend. Tests may set up what
//! they like.

use super::{Finding, Tree, source};

const WRITER: &str = "src-tauri/engine/src/runtime/job_table.rs";

/// Looks for assignments outside the job table.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust().filter(|file| {
        file.path.starts_with("src-tauri/") && file.path != WRITER && !file.is_test()
    }) {
        for (number, line) in source::code_lines(&file.text) {
            if assigns_status(line) {
                findings.push(Finding::at(
                    file,
                    number,
                    format!("a status is written here; only {WRITER} may, by way of an event"),
                ));
            }
        }
    }
    findings
}

fn assigns_status(line: &str) -> bool {
    line.match_indices(".status").any(|(position, field)| {
        let rest = line[position + field.len()..].trim_start();
        rest.starts_with('=') && !rest.starts_with("==") && !rest.starts_with("=>")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assignment_is_told_from_a_comparison() {
        assert!(assigns_status("job.status = JobStatus::Running;"));
        assert!(assigns_status("        self.jobs[0].status=next;"));
        assert!(!assigns_status("if job.status == JobStatus::Running {"));
        assert!(!assigns_status("let status = job.status;"));
        assert!(!assigns_status("job.status_line = text;"));
        assert!(!assigns_status("_ if job.status => 1,"));
    }

    #[test]
    fn the_job_table_alone_may_write() {
        let code = "job.status = x;\n";
        let tree = Tree::of(&[
            (WRITER, code),
            ("src-tauri/engine/src/runtime/queue.rs", code),
            ("src-ui/src/stores/jobs.rs", code),
        ]);
        let findings = check(&tree);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].path, "src-tauri/engine/src/runtime/queue.rs");
    }
}
