//! GitHub's description, and what is held against it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::harness::http::{Response, decode};

/// More items of a list are alike.
const VALIDATED_ITEMS: usize = 3;

fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| serde_json::from_str(include_str!("description.json")).unwrap())
}

/// What a request is.
pub(crate) struct Operation {
    /// Its path, with names in place of what differs.
    pub(super) route: &'static str,
    /// What stands there in their place, decoded.
    pub(crate) parameters: HashMap<&'static str, String>,
    pub(crate) description: Value,
}

/// The operation that is described for this path.
pub(crate) fn operation_of(method: &str, path: &str) -> Option<Operation> {
    document()["paths"].as_object().unwrap().iter().find_map(|(route, operations)| {
        let description = operations.get(method.to_lowercase())?.clone();
        Some(Operation { route, parameters: parameters_of(route, path)?, description })
    })
}

/// Only a ref may hold slashes.
fn parameters_of(route: &'static str, path: &str) -> Option<HashMap<&'static str, String>> {
    let mut parameters = HashMap::new();
    let mut parts = path.split('/');
    for name in route.split('/') {
        let part = parts.next()?;
        match name.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some("ref") => {
                let rest = parts.by_ref().fold(part.to_owned(), |all, part| format!("{all}/{part}"));
                parameters.insert("ref", decode(&rest));
            }
            Some(name) => drop(parameters.insert(name, decode(part))),
            None if name == part => {}
            None => return None,
        }
    }
    parts.next().is_none().then_some(parameters)
}

/// The parameters of a query.
pub(super) fn query_of(query: &str) -> Vec<(String, String)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, text)| (decode(name), decode(text)))
        .collect()
}

/// What is wrong with a request.
pub(crate) fn violation(description: &Value, query: &str, body: &Value) -> Option<String> {
    let known = description["parameters"].as_array().unwrap();
    for (name, text) in query_of(query) {
        let Some(parameter) = known.iter().find(|known| known["name"] == json!(name)) else {
            return Some(format!("{name} is no parameter"));
        };
        let value = text.parse::<u64>().map_or_else(|_| json!(text), |number| json!(number));
        if let Some(error) = error_of(&parameter["schema"], &value) {
            return Some(format!("{name}: {error}"));
        }
    }
    match description.get("body") {
        Some(schema) => error_of(schema, body),
        None if description["file"] == json!(true) => None,
        None if body.is_null() => None,
        None => Some("it has no body".to_owned()),
    }
}

/// What is wrong with an answer.
pub(super) fn wrong_answer(description: &Value, response: &Response) -> Option<String> {
    let Some(described) = description["responses"].get(response.status.to_string()) else {
        // GitHub says so of all that is gone, and describes it for a part of its operations only.
        if response.status == 404 {
            return None;
        }
        return Some(format!("status {}", response.status));
    };
    let schema = described.get("schema")?;
    let mut body: Value = serde_json::from_slice(&response.body).unwrap_or(Value::Null);
    if let Some(items) = body.as_array_mut() {
        items.truncate(VALIDATED_ITEMS);
    }
    error_of(schema, &body)
}

fn error_of(schema: &Value, value: &Value) -> Option<String> {
    static VALIDATORS: OnceLock<Mutex<HashMap<String, Arc<Validator>>>> = OnceLock::new();
    let validators = VALIDATORS.get_or_init(Mutex::default);
    let mut validators = validators.lock().unwrap();
    let validator = validators.entry(schema.to_string()).or_insert_with(|| {
        let mut whole = schema.clone();
        whole["components"] = document()["components"].clone();
        Arc::new(jsonschema::validator_for(&whole).expect("the description is a schema"))
    });
    let error = validator.iter_errors(value).next()?;
    Some(format!("{} at {}", error, error.instance_path()))
}

/// The example of an operation's answer.
pub(crate) fn example(description: &Value, status: u16) -> Value {
    description["responses"][status.to_string()]["example"].clone()
}

/// The pointers to the fields of an operation's answer that may be null, of a list to those of its first item.
pub(crate) fn nullable_fields(method: &str, route: &str) -> Vec<String> {
    let operation = &document()["paths"][route][method];
    let responses = operation["responses"].as_object().unwrap();
    let (_, response) = responses.iter().find(|(status, _)| status.starts_with('2')).unwrap();
    let mut found = Vec::new();
    collect(&response["schema"], String::new(), 2, &mut found);
    found.sort_unstable();
    found.dedup();
    found
}

fn collect(schema: &Value, at: String, depth: usize, found: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let pointer = name.strip_prefix('#').unwrap();
        return collect(document().pointer(pointer).unwrap(), at, depth, found);
    }
    let may_be_null = schema["type"].as_array().is_some_and(|types| types.contains(&json!("null")));
    if (may_be_null || schema["anyOf"].as_array().is_some_and(|any| any.contains(&json!({"type": "null"}))))
        && !at.is_empty()
    {
        found.push(at.clone());
    }
    for any in ["anyOf", "allOf", "oneOf"] {
        schema[any].as_array().into_iter().flatten().for_each(|schema| collect(schema, at.clone(), depth, found));
    }
    if schema["items"].is_object() {
        collect(&schema["items"], format!("{at}/0"), depth, found);
    }
    if depth > 0 {
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            collect(property, format!("{at}/{name}"), depth - 1, found);
        }
    }
}
