//! Tools and their inputs, logs, outputs and places.

use proptest::{collection::vec, option, prelude::*, sample::select};
use toolroom_shared::{
    IdenticalInputs, InputProblem, LogLine, LogPage, OutputPage, Permission, Preset, QueuePosition,
    ToolBehavior, ToolCategory, ToolDefinition, ToolLimits,
};

use super::{
    jobs::job_id,
    json::{json, text, whole},
};

pub fn preset() -> BoxedStrategy<Preset> {
    (text(), json())
        .prop_map(|(name, input)| Preset { name, input })
        .boxed()
}

pub fn tool() -> BoxedStrategy<ToolDefinition> {
    let words = (text(), text(), text(), text(), category());
    (
        words,
        json(),
        json(),
        // None and null are the same on the wire.
        option::of(json().prop_filter("null", |value| !value.is_null())),
        vec(permission(), 0..4),
        limits(),
        behavior(),
    )
        .prop_map(
            |(
                words,
                input_schema,
                output_schema,
                message_schema,
                permissions,
                limits,
                behavior,
            )| {
                let (name, title, description, version, category) = words;
                ToolDefinition {
                    name,
                    title,
                    description,
                    category,
                    version,
                    input_schema,
                    output_schema,
                    message_schema,
                    permissions,
                    limits,
                    behavior,
                }
            },
        )
        .boxed()
}

fn category() -> impl Strategy<Value = ToolCategory> {
    select(vec![
        ToolCategory::Files,
        ToolCategory::Archives,
        ToolCategory::Images,
        ToolCategory::Network,
        ToolCategory::Text,
    ])
}

fn permission() -> impl Strategy<Value = Permission> {
    select(vec![
        Permission::ReadFiles,
        Permission::WriteFiles,
        Permission::Connect,
        Permission::Spawn,
    ])
}

fn limits() -> impl Strategy<Value = ToolLimits> {
    let limit = || option::of(any::<u32>());
    (limit(), limit(), limit(), limit()).prop_map(
        |(timeout_seconds, concurrency, max_attempts, input_bytes)| ToolLimits {
            timeout_seconds,
            concurrency,
            max_attempts,
            input_bytes,
        },
    )
}

fn behavior() -> impl Strategy<Value = ToolBehavior> {
    let identical = select(vec![
        IdenticalInputs::Queue,
        IdenticalInputs::Join,
        IdenticalInputs::Refuse,
    ]);
    (any::<bool>(), any::<bool>(), identical).prop_map(
        |(starts_again, checkpoints, identical_inputs)| ToolBehavior {
            starts_again,
            checkpoints,
            identical_inputs,
        },
    )
}

pub fn input_problem() -> impl Strategy<Value = InputProblem> {
    (text(), text()).prop_map(|(pointer, message)| InputProblem { pointer, message })
}

pub fn position() -> impl Strategy<Value = QueuePosition> {
    prop_oneof![
        Just(QueuePosition::First),
        Just(QueuePosition::Last),
        job_id().prop_map(QueuePosition::Before),
    ]
}

pub fn log_page() -> impl Strategy<Value = LogPage> {
    let line =
        (any::<u32>(), text(), text()).prop_map(|(number, at, text)| LogLine { number, at, text });
    (vec(line, 0..4), any::<u32>(), any::<bool>()).prop_map(|(lines, dropped, more)| LogPage {
        lines,
        dropped,
        more,
    })
}

pub fn output_page() -> impl Strategy<Value = OutputPage> {
    (text(), option::of(whole()), whole()).prop_map(|(text, next_offset, total_bytes)| OutputPage {
        text,
        next_offset,
        total_bytes,
    })
}
