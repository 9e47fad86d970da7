"""`/v5/boards/{id}/sections`: the parts of a board."""

from sandbox import errors
from sandbox.boards import own_board, readable_board
from sandbox.call import SignedCall
from sandbox.guard import check_acting_account
from sandbox.listing import list_pins
from sandbox.paging import page
from sandbox.records import Board, Section
from sandbox.schema import SectionWrite, decode_body
from sandbox.shapes import section_json
from sandbox.wire import Response, json_response, no_content


def list_sections(call: SignedCall) -> Response:
    """`GET /boards/{id}/sections`."""
    check_acting_account(call)
    board = readable_board(call)
    sections = [part for part in call.records.sections.values() if part.board_id == board.id]
    sections.sort(key=lambda part: int(part.id), reverse=True)
    shown, bookmark = page(call, sections, key=lambda part: part.id)
    items = [section_json(part) for part in shown]
    return json_response(200, {"items": items, "bookmark": bookmark})


def create_section(call: SignedCall) -> Response:
    """`POST /boards/{id}/sections`."""
    name = _wanted_name(call)
    check_acting_account(call)
    board = own_board(call)
    section = Section(id=call.sandbox.ids.entity("section"), board_id=board.id, name=name)
    call.records.sections[section.id] = section
    return json_response(201, section_json(section))


def update_section(call: SignedCall) -> Response:
    """`PATCH /boards/{id}/sections/{sid}`."""
    name = _wanted_name(call)
    check_acting_account(call)
    section = section_on(call, own_board(call))
    section.name = name
    return json_response(200, section_json(section))


def delete_section(call: SignedCall) -> Response:
    """`DELETE /boards/{id}/sections/{sid}`: its Pins stay on the board."""
    check_acting_account(call)
    board = own_board(call)
    section = section_on(call, board)
    for pin in call.sandbox.index.pins_on(board.id):
        if pin.section_id == section.id:
            pin.section_id = None
    del call.records.sections[section.id]
    return no_content()


def list_section_pins(call: SignedCall) -> Response:
    """`GET /boards/{id}/sections/{sid}/pins`."""
    board = readable_board(call)
    section = section_on(call, board)
    pins = call.sandbox.index.pins_on(board.id)
    return list_pins(call, (pin for pin in pins if pin.section_id == section.id))


def section_on(call: SignedCall, board: Board) -> Section:
    """The path's section; 404/2031 unless it belongs to the board."""
    section = call.records.sections.get(call.path["section_id"])
    if section is None or section.board_id != board.id:
        raise errors.section_not_found()
    return section


def _wanted_name(call: SignedCall) -> str:
    name = decode_body(call.request, SectionWrite).name.strip()
    if not name:
        raise errors.invalid("'name' is too short: minLength=1")
    return name
