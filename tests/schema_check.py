"""Hold a value against the part of JSON Schema that ours uses: what each published file promises, in one place."""

from __future__ import annotations

from typing import Any

TYPES: dict[str, Any] = {
    "boolean": bool, "object": dict, "array": list,
    "string": str, "integer": int, "number": (int, float), "null": type(None)
}  # fmt: skip


def problems(value: Any, schema: dict[str, Any], root: dict[str, Any] | None = None, where: str = "$") -> list[str]:
    """List where a value breaks a schema; `root` holds its definitions."""
    whole = schema if root is None else root
    if "$ref" in schema:
        return problems(value, whole["$defs"][schema["$ref"].rsplit("/", 1)[1]], whole, where)
    if "anyOf" in schema:
        tried = [problems(value, option, whole, where) for option in schema["anyOf"]]
        return [] if [] in tried else [f"{where}: none of the options"]
    if "const" in schema or "enum" in schema:
        return [] if value in schema.get("enum", [schema.get("const")]) else [f"{where}: not allowed"]
    kinds = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    if not any(isinstance(value, TYPES[kind]) and isinstance(value, bool) == (kind == "boolean") for kind in kinds):
        return [f"{where}: not {kinds}"]
    if isinstance(value, list):
        return [each for item in value for each in problems(item, schema["items"], whole, f"{where}[]")]
    return _of_object(value, schema, whole, where) if isinstance(value, dict) else []


def _of_object(value: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], where: str) -> list[str]:
    known, others = schema.get("properties", {}), schema["additionalProperties"]
    found = [f"{where}: lacks {name}" for name in schema.get("required", []) if name not in value]
    for name, part in value.items():
        if name not in known and others is False:
            found.append(f"{where}: {name} is unknown")
        else:
            found += problems(part, known.get(name, others), root, f"{where}.{name}")
    return found
