# topicloop_settings: how our own code is compiled. Generated code does not use it.

add_library(topicloop_settings INTERFACE)
target_include_directories(topicloop_settings INTERFACE "${PROJECT_SOURCE_DIR}/src")
target_compile_options(topicloop_settings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual
  -Wcast-qual -Wformat=2 -Wundef)
if(TOPICLOOP_WERROR)
  target_compile_options(topicloop_settings INTERFACE -Werror)
endif()

# Unused archive members of the static libraries cost start-up time.
add_compile_options(-ffunction-sections -fdata-sections)
add_link_options(-Wl,--gc-sections)

if(TOPICLOOP_SANITIZE)
  add_compile_options(-fsanitize=${TOPICLOOP_SANITIZE})
  add_link_options(-fsanitize=${TOPICLOOP_SANITIZE})
endif()

# topicloop_room(<name> SOURCES ... LINK ...): one folder of src/ as one static library.
function(topicloop_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  list(TRANSFORM ROOM_SOURCES PREPEND "${name}/")
  add_library(topicloop_${name} STATIC ${ROOM_SOURCES})
  target_link_libraries(topicloop_${name} PUBLIC topicloop_settings ${ROOM_LINK}
                        PRIVATE ${ROOM_PRIVATE_LINK})
endfunction()
