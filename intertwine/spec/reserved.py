"""Names that a field may not have: torch's ParameterDict and the emitted page use them."""

from __future__ import annotations

RESERVED_FIELDS = frozenset(
    """
    add_module apply bfloat16 buffers call_super_init children clear compile copy cpu cuda double
    dump_patches eval extra_repr float forward fromkeys get get_buffer get_extra_state
    get_parameter get_submodule half input ipu items keys load_state_dict modules mtia
    named_buffers named_children named_modules named_parameters output parameters pop popitem
    register_backward_hook register_buffer register_forward_hook register_forward_pre_hook
    register_full_backward_hook register_full_backward_pre_hook
    register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module
    register_parameter register_state_dict_post_hook register_state_dict_pre_hook
    requires_grad_ self set_extra_state set_submodule setdefault share_memory state_dict to
    to_empty torch training type update values xpu zero_grad batch weight bias
    T_destination INPUTS OUTPUTS ValueError len train tuple zip
    """.split()
)
