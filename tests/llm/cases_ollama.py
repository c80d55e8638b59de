# SPDX-License-Identifier: MIT
"""Own recordings of the dialect ollama; cases.py says what a row is, and holds
those that are about framing, JSON and errors before the stream."""
from cases import OVER, call, ollama, said

# 7.6 Ollama

ollama("107", "no done", said("a"), outcome="cut", text="a", model="m")
ollama("108", "the last line without LF", said("a"), OVER.strip(), text="a", model="m")
ollama("108b", "half of the last line", said("a"), OVER[:60], outcome="cut", text="a",
       model="m")
ollama("109", "an error line", said("a"),
       '{"error":"an error was encountered while running the model: CUDA error"}\n',
       outcome="error", text="a", model="m",
       error_contains="an error was encountered while running")
ollama("110", "an error line with a status", said("a"),
       '{"StatusCode":429,"Status":"429 Too Many Requests","error":"weekly limit"}\n',
       outcome="error", text="a", model="m", error_contains="weekly limit")
ollama("111", "two calls in one line",
       said("", ',"tool_calls":[{"function":{"name":"a","arguments":{"x":1}}},'
            '{"function":{"name":"b","arguments":{}}}]'), OVER, model="m",
       calls=[call("a", '{"x":1}', as_json=True), call("b", "{}", as_json=True)])
ollama("112", "calls in the last line only",
       '{"message":{"content":"","tool_calls":[{"id":"call_1","function":{"index":0,'
       '"name":"a","arguments":{"x":[1,null,"\u00e9"]}}}]},"done":true,"done_reason":"stop"}\n',
       calls=[call("a", '{"x":[1,null,"\u00e9"]}', "call_1", as_json=True)])
ollama("112b", "text, thinking and a call in the last line",
       '{"message":{"content":"a","thinking":"t","tool_calls":[{"function":{"name":"f",'
       '"arguments":{}}}]},"done":true,"done_reason":"length"}\n', text="a", thinking="t",
       finish_reason="length", calls=[call("f", "{}", as_json=True)])
ollama("113", "native calls are never fragments",
       said("", ',"tool_calls":[{"function":{"index":0,"name":"a","arguments":{}}}]'),
       said("", ',"tool_calls":[{"function":{"index":0,"name":"a","arguments":{}}}]'),
       OVER, model="m", calls=[call("a", "{}", as_json=True), call("a", "{}", as_json=True)])
ollama("114", "arguments absent, arguments as a string",
       said("", r',"tool_calls":[{"function":{"name":"a"}},'
            r'{"function":{"name":"b","arguments":"{\"x\":1}"}}]'), OVER, model="m",
       calls=[call("a", "{}"), call("b", '{"x":1}', as_json=True)])
ollama("115", "counts absent or 0 are unknown", said("a"),
       '{"message":{"content":""},"done":true,"done_reason":"stop","prompt_eval_count":0,'
       '"eval_count":5,"eval_duration":0}\n', text="a", model="m", usage={"output": 5})
ollama("115b", "counts", said("a"),
       '{"message":{"content":""},"done":true,"done_reason":"stop",'
       '"prompt_eval_count":26,"eval_count":5}\n', text="a", model="m",
       usage={"input": 26, "output": 5})
ollama("116", "a load",
       '{"model":"m","message":{"role":"assistant","content":""},"done":true,'
       '"done_reason":"load"}', model="m", finish_reason="load")
ollama("116b", "an unload",
       "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n",
       '{"model":"m","message":{"role":"assistant","content":""},"done":true,'
       '"done_reason":"unload"}', model="m", finish_reason="unload")
ollama("116c", "an answer as one object over several lines",
       "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n",
       '{\n "model": "m",\n "message": {"content": "a"},\n "done": true,\n'
       ' "done_reason": "stop"\n}\n', text="a", model="m")
ollama("116d", "done without a reason", said("a"), '{"message":{},"done":true}\n',
       text="a", model="m", finish_reason=None)
ollama("124a", "the calls of a cut answer are not whole",
       said("", ',"tool_calls":[{"function":{"name":"a","arguments":{}}}]'),
       outcome="cut", model="m", calls=[call("a", "{}", whole=False, as_json=True)])
ollama("1.2", "thinking", said("", ',"thinking":"t"'), said("a"), OVER, thinking="t",
       text="a", model="m")
ollama("1.2b", "<think> where the template has no parser",
       said("<think>t"), said(r"</think>\n\na"), OVER, thinking="t", text="a", model="m")
ollama("1.2c", "CRLF and empty lines", said("a")[:-1] + "\r\n\r\n\n", OVER, text="a",
       model="m")
ollama("1.3", "a line that is no JSON is the error", said("a"), "upstream went away\n",
       outcome="error", text="a", model="m", error_contains="upstream went away")
ollama("1.3b", "a damaged line: text stays, calls do not",
       said("a", ',"tool_calls":[{"function":{"name":"f","arguments":{}}}]'),
       '{"message":}\n', said("b"), OVER, text="ab", model="m",
       calls=[call("f", "{}", whole=False, as_json=True)])
ollama("1.3c", "an error after the end", said("a"), OVER, '{"error":"late"}\n',
       outcome="error", text="a", model="m", finish_reason="stop", error_contains="late")
