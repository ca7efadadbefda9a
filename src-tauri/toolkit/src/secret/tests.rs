//! A secret is spelled in every way, and looked for in all that a job says.

use proptest::prelude::*;
use serde_json::{Value, json};
use toolroom_shared::{ErrorCode, JobId};

use super::*;
use crate::{JsonOutput, ToolError, ToolExecutionContext};

fn text() -> impl Strategy<Value = String> {
    // Signs that are spelled in more than one way, and any others.
    "([a-z0-9%\\\\\"/+ \n\tä€😀]|\\PC){4,20}"
}

fn known(secret: &str) -> Revealed {
    let revealed = Revealed::watched();
    revealed.add(&SecretText::from(secret.to_owned()));
    revealed
}

/// A text with each character in a spelling that `choice` says.
fn spelled(text: &str, choice: &[u8]) -> String {
    let mut choice = choice.iter().cycle();
    let percent = |c: char, sign: &str| {
        let bytes = c.to_string().into_bytes();
        let coded = bytes.iter().map(|byte| format!("{sign}{byte:02X}"));
        coded.collect::<String>()
    };
    let in_json = |c: char| {
        let mut units = [0; 2];
        let units = c.encode_utf16(&mut units);
        let coded = units.iter().map(|unit| format!("\\u{unit:04x}"));
        coded.collect::<String>()
    };
    text.chars()
        .map(|c| match choice.next() {
            Some(1) => percent(c, "%"),
            Some(2) => percent(c, "%25"),
            Some(3) => in_json(c),
            Some(4) => serde_json::to_string(&c)
                .unwrap()
                .trim_matches('"')
                .to_owned(),
            Some(5) if c == ' ' => "+".to_owned(),
            _ => c.to_string(),
        })
        .collect()
}

proptest! {
    #[test]
    fn a_secret_is_taken_out_in_whatever_spelling(
        secret in text(),
        choice in prop::collection::vec(0u8..6, 1..8),
        before in "[A-Z]{0,4}",
        after in "[A-Z]{0,4}",
    ) {
        // A quote is trimmed off by the spelling above.
        prop_assume!(!secret.contains('"') && secret.trim() == secret);
        let said = format!("{before}{}{after}", spelled(&secret, &choice));
        let scrubbed = known(&secret).scrub_text(&said).into_owned();
        prop_assert_eq!(scrubbed, format!("{before}{SCRUBBED}{after}"));
    }

    #[test]
    fn a_secret_is_taken_out_of_codes_of_what_it_is_a_part_of(
        secret in "[ -~]{12,30}",
        before in prop::collection::vec(any::<u8>(), 0..5),
        after in prop::collection::vec(any::<u8>(), 0..5),
    ) {
        use base64::{Engine, engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD}};
        prop_assume!(secret.trim() == secret);
        let all = [&before, secret.as_bytes(), &after].concat();
        for code in [STANDARD.encode(&all), URL_SAFE_NO_PAD.encode(&all)] {
            let scrubbed = known(&secret).scrub_text(&code).into_owned();
            prop_assert!(scrubbed.contains(SCRUBBED), "{code}");
            // Of what is left, nothing but the edges is the secret's.
            prop_assert!(scrubbed.len() - SCRUBBED.len() <= (before.len() + after.len()) * 2 + 8);
        }
    }

    #[test]
    fn a_text_that_does_not_hold_the_secret_is_as_it_was(said in "[a-m%\\\\\" ]{0,40}", secret in "[n-z]{4,9}") {
        prop_assert!(matches!(known(&secret).scrub_text(&said), Cow::Borrowed(same) if same == said));
    }

    #[test]
    fn a_result_is_scrubbed_alike_as_a_value_and_as_text(
        secret in text(),
        texts in prop::collection::vec("\\PC{0,12}", 0..5),
        at in 0usize..5,
        number in any::<i32>(),
    ) {
        let mut texts = texts;
        texts.insert(at.min(texts.len()), format!("a {secret} b"));
        let value = json!({ "texts": texts, secret.clone(): number, "inner": json!({ "it": secret }).to_string() });
        let revealed = known(&secret);
        let JsonOutput::Small { value: scrubbed, text } = revealed.scrub_output(value.clone().into()) else {
            panic!("it is small");
        };
        prop_assert_eq!(&serde_json::from_str::<Value>(&text).unwrap(), &scrubbed);
        prop_assert!(!text.contains(&secret));
        let JsonOutput::Large(large) = revealed.scrub_output(JsonOutput::Large(value.to_string())) else {
            panic!("it stays text");
        };
        prop_assert_eq!(serde_json::from_str::<Value>(&large).unwrap(), scrubbed);
    }

    #[test]
    fn a_secret_is_read_and_written_without_being_shown(secret in "[A-Z]{6,40}", name in "[a-z0-9._-]{1,64}") {
        let inline: Secret = serde_json::from_value(json!(secret)).unwrap();
        let shown = format!("{inline} {inline:?} {}", serde_json::to_string(&inline).unwrap());
        prop_assert!(!shown.contains(&secret), "{shown}");
        prop_assert_eq!(serde_json::to_value(&inline).unwrap(), json!({ "redacted": true }));
        let named = json!({ "secret": name });
        let read: Secret = serde_json::from_value(named.clone()).unwrap();
        prop_assert_eq!(read.name().unwrap().as_str(), name);
        prop_assert_eq!(serde_json::to_value(&read).unwrap(), named);
    }
}

#[test]
fn what_is_no_secret_is_refused_without_being_repeated() {
    let long = "CANARY".repeat(SecretText::LONGEST);
    for value in [
        json!({ "secret": "CANARY!" }),
        json!({ "CANARY": 1 }),
        json!({ "secret": "a", "CANARY": 1 }),
        json!({ "secret": ["CANARY"] }),
        json!(["CANARY"]),
        json!({ "redacted": false }),
        json!(7),
        json!(null),
        json!(""),
        json!(long),
    ] {
        let said = serde_json::from_value::<Secret>(value).unwrap_err();
        assert!(!said.to_string().contains("CANARY"), "{said}");
    }
}

#[test]
fn a_number_that_is_the_secret_is_taken_out_and_no_other() {
    let mut value = json!({ "is": 12345678, "is_not": 123456789 });
    known("12345678").scrub_value(&mut value);
    assert_eq!(value, json!({ "is": SCRUBBED, "is_not": 123456789 }));
}

#[test]
fn lines_of_a_secret_are_taken_out_by_themselves_unless_they_are_short() {
    let key = "-----BEGIN KEY-----\nbG9uZyBsaW5l\nYQ==\n-----END KEY-----\n";
    let revealed = known(key);
    assert_eq!(revealed.scrub_text("line bG9uZyBsaW5l!"), "line [secret]!");
    assert_eq!(revealed.scrub_text("YQ=="), "YQ==");
    assert_eq!(revealed.scrub_text(key.trim()), SCRUBBED);
}

#[derive(Debug)]
struct One;

impl SecretSource for One {
    fn get(&self, name: &SecretName) -> Result<Option<SecretText>, crate::AppError> {
        match name.as_str() {
            "one" => Ok(Some("CANARY".to_owned().into())),
            "locked" => Err(secret_store("It is locked. Unlock it.")),
            _ => Ok(None),
        }
    }
}

#[tokio::test]
async fn what_was_revealed_is_in_nothing_that_is_said_afterwards() {
    let mut ctx = ToolExecutionContext::new(JobId("j".into()));
    ctx.secrets = ctx.secrets.with_source(std::sync::Arc::new(One));
    let named: Secret = serde_json::from_value(json!({ "secret": "one" })).unwrap();
    let revealed = ctx.secrets.reveal(&named).await.unwrap();
    assert_eq!(&*revealed, "CANARY");
    assert_eq!(
        format!("{revealed:?} {named:?}"),
        "[secret] Secret(secret:one)"
    );
    // Even where a line is cut off in the midst of it.
    ctx.log
        .line(format!("{}CANARY{}", "x".repeat(1_997), "y".repeat(99)));
    ctx.log.line("CANARY\nCANARY");
    ctx.progress.begin(crate::Phase::new("with CANARY"));
    ctx.progress.message("CANARY%20CANARY");
    let (lines, _) = ctx.log.take();
    let said = format!("{lines:?} {:?} {ctx:?}", ctx.progress.sample());
    assert!(!said.contains("CANA"), "{said}");
    assert_eq!(lines.len(), 3);
}

#[tokio::test]
async fn what_cannot_be_had_says_why_and_what_to_do() {
    let mut ctx = ToolExecutionContext::new(JobId("j".into()));
    let secret = |value: Value| serde_json::from_value::<Secret>(value).unwrap();
    let code = async |ctx: &ToolExecutionContext, value: Value| match ctx
        .secrets
        .reveal(&secret(value))
        .await
    {
        Err(ToolError::Failed(failure)) => failure.error.code,
        other => panic!("{other:?}"),
    };
    let named = |name: &str| json!({ "secret": name });
    assert_eq!(code(&ctx, named("one")).await, ErrorCode::SecretStore);
    ctx.secrets = ctx.secrets.with_source(std::sync::Arc::new(One));
    assert_eq!(code(&ctx, named("two")).await, ErrorCode::UnknownSecret);
    assert_eq!(code(&ctx, named("locked")).await, ErrorCode::SecretStore);
    assert_eq!(
        code(&ctx, json!({ "redacted": true })).await,
        ErrorCode::SecretGone
    );
    ctx.cancel.cancel();
    let canceled = ctx.secrets.reveal(&secret(named("one"))).await;
    assert!(matches!(canceled, Err(ToolError::Canceled { .. })));
}
