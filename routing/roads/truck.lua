-- How a collection truck drives: the car profile of the installed osrm-bindings, with its
-- tables overridden and three of its functions wrapped. Nothing of that profile is copied.
--
-- Read by `dofile` from a two-line file that routing/roads/build.py writes, which sets two
-- globals first:
--   car_profile  path of the wheel's car.lua
--   truck        weight_kg, height_m, length_m, width_m, axle_load_kg, max_speed_kmh, u_turn_s

local car = dofile(car_profile)
local Tags = require('lib/tags')
local inaccessible = mode.inaccessible

-- Free-flow km/h of a heavy vehicle. A road type that is not listed here is not driven unless
-- an access tag opens it.
local TRUCK_SPEEDS_KMH = {
  motorway = 75, motorway_link = 40, trunk = 65, trunk_link = 35,
  primary = 45, primary_link = 25, secondary = 38, secondary_link = 22,
  tertiary = 32, tertiary_link = 18, unclassified = 22, residential = 20,
  living_street = 8, service = 10, winter_road = 15, ice_road = 10,
}

-- Ways for feet and bicycles: too narrow or too weak for a truck, whatever the general access
-- tags say. Only an explicit hgv tag opens one.
local NOT_FOR_TRUCKS = Set {
  'footway', 'cycleway', 'path', 'bridleway', 'steps', 'corridor', 'platform', 'via_ferrata'
}

local HGV_OPENS = Set { 'yes', 'designated', 'permissive', 'destination', 'delivery' }

-- Every signed limit that may bar the truck. The car profile reads only some of these keys, and
-- the first that it finds; a truck must obey all of them.
local LIMITS = {
  { read = Measure.get_max_weight, own = truck.weight_kg,
    keys = { 'maxweight', 'maxweight:hgv', 'maxweightrating', 'maxweightrating:hgv' } },
  { read = Measure.get_max_weight, own = truck.axle_load_kg,
    keys = { 'maxaxleload', 'maxaxleload:hgv' } },
  { read = Measure.get_max_height, own = truck.height_m,
    keys = { 'maxheight', 'maxheight:physical', 'maxheight:hgv' } },
  { read = Measure.get_max_width, own = truck.width_m,
    keys = { 'maxwidth', 'maxwidth:physical', 'maxwidth:hgv' } },
  { read = Measure.get_max_length, own = truck.length_m,
    keys = { 'maxlength', 'maxlength:hgv' } },
}

local function below(limit, text, element)
  local most = limit.read(text, element)
  return most ~= nil and most < limit.own
end

-- Conditions that name a weight are a weight limit; `no` at other conditions (hours, days) keeps
-- through traffic out all day, because OSRM's times do not depend on the hour: such a street is
-- entered to serve it, and whether the hour is allowed is for the plan to keep.
local CONDITIONAL = {
  'hgv:conditional', 'motor_vehicle:conditional', 'vehicle:conditional', 'access:conditional'
}

local function apply_conditions(way, result)
  for _, key in ipairs(CONDITIONAL) do
    local text = way:get_value_by_key(key) or ''
    for condition in text:gmatch('no%s*@%s*(%b())') do
      local tonnes = condition:match('weight%a*%s*>=?%s*([%d%.]+)')
      if not tonnes then
        result.forward_restricted = true
        result.backward_restricted = true
      elseif truck.weight_kg > tonumber(tonnes) * 1000 then
        result.forward_mode = inaccessible
        result.backward_mode = inaccessible
      end
    end
  end
end

-- Signs that exempt destinations: `maxweight:conditional=none @ destination`.
local function exempts_destinations(way, key)
  local text = way:get_value_by_key(key .. ':conditional') or ''
  return text:match('none%s*@%s*%(?%s*destination') or text:match('none%s*@%s*%(?%s*delivery')
end

local function apply_limits(way, result)
  for _, limit in ipairs(LIMITS) do
    for _, key in ipairs(limit.keys) do
      local forward, backward = Tags.get_forward_backward_by_key(way, {}, key)
      local exempt = (forward or backward) and exempts_destinations(way, key)
      if below(limit, forward, way) then
        if exempt then result.forward_restricted = true
        else result.forward_mode = inaccessible end
      end
      if below(limit, backward, way) then
        if exempt then result.backward_restricted = true
        else result.backward_mode = inaccessible end
      end
    end
  end
end

local function setup()
  local profile = car.setup()

  profile.vehicle_height = truck.height_m
  profile.vehicle_length = truck.length_m
  profile.vehicle_width = truck.width_m
  -- apply_limits reads weight signs, and knows their exemptions; the car profile does not.
  profile.vehicle_weight = 0
  profile.vehicle_max_speed = truck.max_speed_kmh

  profile.properties.max_speed_for_map_matching = truck.max_speed_kmh / 3.6
  profile.properties.u_turn_penalty = truck.u_turn_s
  profile.properties.continue_straight_at_waypoint = true
  profile.properties.use_turn_restrictions = true
  profile.turn_penalty = 9
  profile.oncoming_turn_penalty = 4
  profile.default_speed = 8
  -- A truck that starts and stops holds about two thirds of the posted speed.
  profile.speed_reduction = 0.66

  -- The most specific tag wins: hgv before motor_vehicle before vehicle before access.
  profile.access_tags_hierarchy = Sequence { 'hgv', 'motor_vehicle', 'vehicle', 'access' }
  profile.restrictions = Sequence { 'hgv', 'motor_vehicle', 'vehicle' }
  profile.access_tag_whitelist['hgv'] = true
  profile.access_tag_whitelist['goods'] = true

  -- Collecting is a delivery, and its stops are destinations: such streets may be entered to
  -- serve them and not to pass through. The turn into them costs what OSRM allows at most.
  for _, tag in ipairs({ 'delivery', 'destination' }) do
    profile.access_tag_blacklist[tag] = nil
    profile.restricted_access_tag_list[tag] = true
  end
  for _, highway in ipairs({ 'pedestrian', 'track', 'road', 'footway', 'path', 'cycleway' }) do
    profile.restricted_highway_whitelist[highway] = true
  end

  profile.speeds.highway = TRUCK_SPEEDS_KMH
  -- Containers stand in alleys and on parking aisles: discourage driving through, no more.
  profile.service_penalties.alley = 0.8
  profile.service_penalties.driveway = 0.6
  return profile
end

local function process_node(profile, node, result, relations)
  car.process_node(profile, node, result, relations)
  -- The car profile looks at limits on a node only where it is a height restrictor.
  for _, limit in ipairs(LIMITS) do
    for _, key in ipairs(limit.keys) do
      if below(limit, node:get_value_by_key(key), node) then
        obstacle_map:add(node, Obstacle.new(obstacle_type.barrier))
        return
      end
    end
  end
end

local function process_way(profile, way, result, relations)
  local highway = way:get_value_by_key('highway')
  if highway and NOT_FOR_TRUCKS[highway] and not HGV_OPENS[way:get_value_by_key('hgv')] then
    return
  end
  car.process_way(profile, way, result, relations)
  -- Movable bridges and ferries set both directions open again after the car profile has read
  -- the one-way and the limits: read them once more.
  WayHandlers.oneway(profile, way, result, { highway = highway })
  apply_limits(way, result)
  apply_conditions(way, result)
  -- Trucks pass through tunnels, but no container stands in one: a point above snaps elsewhere.
  local tunnel = way:get_value_by_key('tunnel')
  if tunnel and tunnel ~= 'no' and tunnel ~= 'building_passage' then
    result.is_startpoint = false
  end
end

return {
  setup = setup,
  process_node = process_node,
  process_way = process_way,
  process_turn = car.process_turn,
}
